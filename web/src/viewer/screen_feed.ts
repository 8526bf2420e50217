// From a screen message to the page's canvas and back as an ack. One picture is on its way to the page at a time, and perhaps a small one
// beside it; what changes meanwhile is drawn on the surface and goes with the next one.

import { encodeAck } from "../wire/ack";
import { FrameRate } from "./frame_rate";
import { Overlays, type Showing } from "./overlays";
import { type Packed, Packer } from "./picture";
import { ProtocolError } from "./protocol_error";
import type { ScreenDecoder } from "./screen";
import type { MakeDecoder } from "./video/decoder";

// The other side has 16 updates in flight at most. More than this many at once is a flood.
const mostWaiting = 64;
/** The shortest time between two questions for a refresh because of a video, ms. */
const refreshEvery = 2000;

export interface FeedOptions {
  decoder: ScreenDecoder;
  makeDecoder: MakeDecoder;
  /** Bytes of memory shared with the page, for small pictures; 0 where it cannot be shared. */
  sharedSize: number;
  /** Hands a picture to the page, which answers with shown. */
  post: (buffer: ArrayBufferLike) => void;
  /** Sends a message of the ack channel. */
  ack: (message: Uint8Array<ArrayBuffer>) => void;
  /** Asks for a refresh: a video cannot go on. */
  refresh: () => void;
  onFrameRate: (fps: number) => void;
  now?: () => number;
}

/** A picture on its way. */
interface Flight {
  readonly packed: Packed;
  /** So many of the updates have their changes of the surface in it or in one before. */
  sent: number;
  put: boolean;
}

interface Update extends Showing {
  readonly id: number;
  readonly arrived: number;
}

export class ScreenFeed {
  private readonly options: FeedOptions;
  private readonly packer: Packer;
  private readonly overlays: Overlays;
  private readonly rate = new FrameRate();
  private readonly now: () => number;
  /**
   * Updates that are drawn and not yet acknowledged. What the first `put` of them changed on the surface is shown, of those up to `sent` it is in
   * a picture on its way.
   */
  private updates: Update[] = [];
  private put = 0;
  private sent = 0;
  private newest = 0;
  private flights: Flight[] = [];
  /** The page takes no other picture until it says that it is ready. */
  private resting = false;
  private asked = Number.NEGATIVE_INFINITY;
  private asking: ReturnType<typeof setTimeout> | undefined;
  private timer: ReturnType<typeof setInterval> | undefined;

  constructor(options: FeedOptions) {
    this.options = options;
    this.packer = new Packer(options.sharedSize);
    this.now = options.now ?? (() => performance.now());
    this.overlays = new Overlays({
      makeDecoder: options.makeDecoder,
      onProgress: () => this.progress(),
      onFailed: (error) => this.failed(error),
      now: this.now,
    });
  }

  /** Takes a whole screen message. Throws when it breaks the protocol. */
  receive(message: Uint8Array): void {
    if (this.updates.length >= mostWaiting) throw new ProtocolError("updates come without waiting for their ack");
    const { overlays } = this;
    const { decoder } = this.options;
    const arrived = this.now();
    const { id, refresh, restart, over } = decoder.decode(message);
    if (refresh) this.refreshed();
    else if (restart) overlays.restart();
    const update: Update = { id, arrived, pending: 0, unpainted: 0 };
    this.updates.push(update);
    for (const change of over) {
      if ("data" in change) overlays.decode(change, update);
      else overlays.reveal(change, decoder.damage.addRect);
    }
    this.send();
  }

  /**
   * The page shows the picture that it was handed last, and gives its buffer back if it is not shared. more: it takes the next one; else it
   * will say so by ready.
   */
  shown(buffer: ArrayBuffer | undefined, more: boolean): void {
    if (buffer) this.packer.giveBack(buffer);
    // Of two on their way, one was handed over and is the first; the other is shared.
    const flight = buffer ? this.flights[0] : this.flights.at(-1);
    if (flight) flight.put = true;
    while (this.flights[0]?.put) {
      const { packed, sent } = this.flights.shift()!;
      this.put = sent;
      for (const { showing } of packed.paintings) showing.unpainted--;
    }
    this.timer ??= setInterval(() => this.tellRate(), 1000);
    this.acknowledge();
    this.resting = !more;
    this.send();
  }

  /** The page takes another picture. */
  ready(): void {
    this.resting = false;
    this.send();
  }

  /** The connection is gone: its updates are not acknowledged any more. What was shown stays. */
  reset(): void {
    this.updates = [];
    this.put = 0;
    this.sent = 0;
    // What is on its way is answered all the same, and stands for nothing any more.
    this.flights = this.flights.map(({ packed, put }) => ({ packed: { ...packed, paintings: [] }, sent: 0, put }));
    this.refreshed();
    this.options.decoder.reset();
  }

  /**
   * Sends what there is to show, when the page takes it. An update that waits for a frame of its own is held back so that both are shown
   * together, but only until something else comes.
   */
  private send(): void {
    const { updates, overlays, flights } = this;
    const { decoder } = this.options;
    if (this.resting || flights.length > 1) return;
    const unsent = updates.length - this.sent;
    const held = unsent === 1 && updates.at(-1)!.pending > 0;
    const due = unsent > 0 && !held;
    const id = due ? updates.at(-1)!.id : this.newest;
    let packed: Packed | undefined;
    if (flights[0]) packed = due ? this.packer.packBeside(id, decoder, overlays, flights[0].packed) : undefined;
    else if (due || overlays.ready) packed = this.packer.pack(id, decoder, overlays);
    if (!packed) return;
    this.newest = id;
    if (due) this.sent = updates.length;
    flights.push({ packed, sent: this.sent, put: false });
    if (packed.buffer instanceof Promise) void packed.buffer.then(this.options.post);
    else this.options.post(packed.buffer);
  }

  /** Frames were decoded, or will not be. */
  private progress(): void {
    this.acknowledge();
    this.send();
  }

  /** Acknowledges the last of the updates that are shown with their frames, and so all before it. */
  private acknowledge(): void {
    const { updates } = this;
    let count = 0;
    while (count < this.put && updates[count]!.unpainted === 0) count++;
    if (count === 0) return;
    const now = this.now();
    const { id, arrived } = updates[count - 1]!;
    updates.splice(0, count);
    this.put -= count;
    this.sent -= count;
    for (const flight of this.flights) flight.sent -= count;
    for (let i = 0; i < count; i++) this.rate.shown(now);
    this.options.ack(encodeAck({ id, decodeMicros: (now - arrived) * 1000, queue: updates.length }));
  }

  /** Asks for a refresh, but not again and again in no time. */
  private failed(error: unknown): void {
    console.error("viewer: a video:", error);
    const wait = Math.max(0, this.asked + refreshEvery - this.now());
    this.asking ??= setTimeout(() => {
      this.asking = undefined;
      this.asked = this.now();
      this.options.refresh();
    }, wait);
  }

  private refreshed(): void {
    clearTimeout(this.asking);
    this.asking = undefined;
    this.overlays.clear();
  }

  /** Runs every second while something is shown, and stops by itself. */
  private tellRate(): void {
    const fps = this.rate.perSecond(this.now());
    this.options.onFrameRate(fps);
    if (fps > 0) return;
    clearInterval(this.timer);
    this.timer = undefined;
  }
}
