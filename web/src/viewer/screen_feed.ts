// From a screen message to the page's canvas and back as an ack. One picture is on its way to the page at a time; what
// changes meanwhile is drawn on the surface and goes with the next one.

import { encodeAck } from "../wire/ack";
import { FrameRate } from "./frame_rate";
import { Packer } from "./picture";
import { ProtocolError } from "./protocol_error";
import type { ScreenDecoder } from "./screen";

// The other side has one update on its way. More than this many at once is a flood.
const mostWaiting = 64;

export interface FeedOptions {
  decoder: ScreenDecoder;
  /** Whether pictures lie in shared memory. */
  shared: boolean;
  /** Hands a picture to the page, which answers with shown. */
  post: (buffer: ArrayBufferLike) => void;
  /** Sends a message of the ack channel. */
  ack: (message: Uint8Array<ArrayBuffer>) => void;
  onFrameRate: (fps: number) => void;
  now?: () => number;
}

interface Update {
  id: number;
  arrived: number;
}

export class ScreenFeed {
  private readonly options: FeedOptions;
  private readonly packer: Packer;
  private readonly rate = new FrameRate();
  private readonly now: () => number;
  /** Updates that are drawn and not yet acknowledged; the first `sent` of them are in the picture on its way. */
  private updates: Update[] = [];
  private sent = 0;
  private busy = false;
  private timer: ReturnType<typeof setInterval> | undefined;

  constructor(options: FeedOptions) {
    this.options = options;
    this.packer = new Packer(options.shared);
    this.now = options.now ?? (() => performance.now());
  }

  /** Takes a whole screen message. Throws when it breaks the protocol. */
  receive(message: Uint8Array): void {
    if (this.updates.length >= mostWaiting) throw new ProtocolError("updates come without waiting for their ack");
    const arrived = this.now();
    const { id } = this.options.decoder.decode(message);
    this.updates.push({ id, arrived });
    if (!this.busy) this.send();
  }

  /** The page shows the picture that it was handed last, and gives its buffer back if it is not shared. */
  shown(buffer?: ArrayBuffer): void {
    if (buffer) this.packer.giveBack(buffer);
    this.busy = false;
    const now = this.now();
    for (const update of this.updates.splice(0, this.sent)) {
      this.rate.shown(now);
      const decodeMicros = (now - update.arrived) * 1000;
      this.options.ack(encodeAck({ id: update.id, decodeMicros, queue: this.updates.length }));
    }
    this.sent = 0;
    this.timer ??= setInterval(() => this.tellRate(), 1000);
    if (this.updates.length > 0) this.send();
  }

  /** The connection is gone: its updates are not acknowledged any more. What was shown stays. */
  reset(): void {
    this.updates = [];
    this.sent = 0;
    this.options.decoder.reset();
  }

  private send(): void {
    const { decoder, post } = this.options;
    this.busy = true;
    this.sent = this.updates.length;
    post(this.packer.pack(decoder, this.updates[this.sent - 1]?.id ?? 0));
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
