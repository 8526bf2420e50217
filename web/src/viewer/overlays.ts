// What lies over the surface: docs/protocol.md, "Screen update", ops 6 and 7. The surface stays exact below; the page is given
// pictures of videos in their places, and never what is below them.
//
// A frame:  decode ──▶ pending ──▶ decoded ──take──▶ painted
//                         └── failed, cleared, or passed by a newer one of its stream ──▶ dropped

import { maxStreams, type VideoChange } from "./decoders/video";
import { type Rect, shared, without } from "./region";
import type { FrameDecoder, MakeDecoder } from "./video/decoder";

/** More pieces than this of one picture are not worth their bookkeeping: what is left of it is taken away. */
const mostPieces = 64;
/** More frames of a stream than this do not wait to be decoded: 16 updates are in flight at most. */
const mostPending = 32;
/** How long a decoder may take for a frame, ms. */
const patience = 3000;

/** An update whose frames are counted. */
export interface Showing {
  /** Frames that are being decoded. */
  pending: number;
  /** Frames that are still to be painted, those included. */
  unpainted: number;
}

/** A frame, from its update to the page. */
interface Frame {
  readonly number: number;
  readonly place: Rect;
  readonly scale: number;
  readonly showing: Showing;
  readonly since: number;
  /** Where it is to be seen: its place without what was revealed after it came. */
  pieces: readonly Rect[];
}

/** A decoded frame that is to be painted now. Whoever paints it closes the picture and counts it in showing. */
export interface Painting {
  readonly stream: number;
  readonly picture: VideoFrame;
  readonly place: Rect;
  /** How many times as large as the picture it is shown. */
  readonly scale: number;
  /** Parts of the place, on the surface. */
  readonly pieces: readonly Rect[];
  readonly showing: Showing;
}

interface Stream {
  codec: number;
  decoder: FrameDecoder | undefined;
  /** Only a key frame can be decoded next. */
  needsKey: boolean;
  /** It could not go on, and that was told. */
  failed: boolean;
  pending: Frame[];
  decoded: { frame: Frame; picture: VideoFrame } | undefined;
  /** Where the picture that was painted last is to be seen. */
  shown: readonly Rect[];
}

export interface OverlayEvents {
  makeDecoder: MakeDecoder;
  /** Frames were decoded or dropped. */
  onProgress: () => void;
  /** A video cannot go on: a refresh brings it back. */
  onFailed: (error: unknown) => void;
  now: () => number;
}

export class Overlays {
  private readonly events: OverlayEvents;
  private readonly streams: Stream[];
  private number = 0;
  private watch: ReturnType<typeof setTimeout> | undefined;

  constructor(events: OverlayEvents) {
    this.events = events;
    this.streams = Array.from({ length: maxStreams }, () => ({
      codec: 0,
      decoder: undefined,
      needsKey: true,
      failed: false,
      pending: [],
      decoded: undefined,
      shown: [],
    }));
  }

  /** Takes the next frame of a stream. */
  decode(change: VideoChange, showing: Showing): void {
    const stream = this.streams[change.stream]!;
    const { x, y, w, h, key, scale, data } = change;
    if (stream.codec !== change.codec) {
      this.close(stream);
      stream.codec = change.codec;
    }
    if (stream.needsKey && !key) {
      if (!stream.failed) this.fail(stream, new Error("a video goes on without a key frame"));
      return;
    }
    if (stream.pending.length >= mostPending) {
      this.fail(stream, new Error("a video comes faster than it is decoded"));
      return;
    }
    if (key) {
      stream.needsKey = false;
      stream.failed = false;
    }
    const place = { x, y, w, h };
    const frame: Frame = { number: this.number++, place, scale, showing, since: this.events.now(), pieces: [place] };
    stream.pending.push(frame);
    showing.pending++;
    showing.unpainted++;
    this.watch ??= setTimeout(this.expire, patience);
    try {
      stream.decoder ??= this.open(stream);
      stream.decoder.decode(data, key, frame.number);
    } catch (error) {
      this.fail(stream, error);
    }
  }

  /** Takes away what lies over a place, of frames that are not painted yet as well. damage gets what appears. */
  reveal(place: Rect, damage: (rect: Rect) => void): void {
    for (const stream of this.streams) {
      const before = stream.shown;
      stream.shown = cut(before, place);
      for (const rect of stream.shown.length > 0 ? before.map((r) => shared(r, place)) : before) if (rect) damage(rect);
      if (stream.decoded) stream.decoded.frame.pieces = cut(stream.decoded.frame.pieces, place);
      for (const frame of stream.pending) frame.pieces = cut(frame.pieces, place);
    }
  }

  /** A new run of updates: each video begins with a key frame. */
  restart(): void {
    for (const stream of this.streams) stream.needsKey = true;
  }

  /** Takes everything away and gives back all that the decoders hold. */
  clear(): void {
    for (const stream of this.streams) {
      this.close(stream);
      stream.shown = [];
    }
    clearTimeout(this.watch);
    this.watch = undefined;
  }

  /** Whether a frame waits to be painted. */
  get ready(): boolean {
    return this.streams.some((stream) => stream.decoded);
  }

  /**
   * Gives the newest decoded frame of each stream, to be painted now; from here on it counts as shown. damage gets what appears where the
   * video was before.
   */
  take(damage: (rect: Rect) => void): Painting[] {
    const paintings: Painting[] = [];
    for (const [number, stream] of this.streams.entries()) {
      if (!stream.decoded) continue;
      const { picture, frame } = stream.decoded;
      stream.decoded = undefined;
      for (const rect of without(stream.shown, frame.pieces)) damage(rect);
      stream.shown = frame.pieces;
      const { place, scale, pieces, showing } = frame;
      paintings.push({ stream: number, picture, place, scale, pieces, showing });
    }
    return paintings;
  }

  /** What is to be seen of a rectangle of the surface. */
  visible(rect: Rect): readonly Rect[] {
    let left: readonly Rect[] = [rect];
    for (const { shown } of this.streams) left = without(left, shown);
    return left;
  }

  /** A painting could not be made. */
  spoiled({ stream }: Painting, error: unknown): void {
    this.fail(this.streams[stream]!, error);
  }

  private open(stream: Stream): FrameDecoder {
    const decoder = this.events.makeDecoder(stream.codec as VideoChange["codec"], {
      onPicture: (picture, number) => this.decoded(stream, picture, number),
      onError: (error) => {
        if (stream.decoder === decoder) this.fail(stream, error);
      },
    });
    return decoder;
  }

  private decoded(stream: Stream, picture: VideoFrame, number: number): void {
    const at = stream.pending.findIndex((frame) => frame.number === number);
    if (at < 0) {
      picture.close(); // of a decoder that is closed
      return;
    }
    this.dropDecoded(stream);
    const frame = stream.pending[at]!;
    this.drop(stream.pending.splice(0, at)); // a frame may give no picture
    stream.pending.shift();
    frame.showing.pending--;
    stream.decoded = { frame, picture };
    this.events.onProgress();
  }

  /** The decoder is of no use any more; the last picture stays. */
  private fail(stream: Stream, error: unknown): void {
    stream.decoder?.close();
    stream.decoder = undefined;
    stream.needsKey = true;
    stream.failed = true;
    this.drop(stream.pending.splice(0));
    this.events.onFailed(error);
    this.events.onProgress();
  }

  private close(stream: Stream): void {
    stream.decoder?.close();
    stream.decoder = undefined;
    stream.needsKey = true;
    stream.failed = false;
    this.drop(stream.pending.splice(0));
    this.dropDecoded(stream);
  }

  private drop(frames: Frame[]): void {
    for (const { showing } of frames) {
      showing.pending--;
      showing.unpainted--;
    }
  }

  private dropDecoded(stream: Stream): void {
    if (!stream.decoded) return;
    stream.decoded.picture.close();
    stream.decoded.frame.showing.unpainted--;
    stream.decoded = undefined;
  }

  /** Gives up decoders that do not answer. */
  private readonly expire = (): void => {
    this.watch = undefined;
    const before = this.events.now() - patience;
    for (const stream of this.streams) {
      const oldest = stream.pending[0];
      if (oldest && oldest.since <= before) this.fail(stream, new Error("a video's decoder does not answer"));
    }
    if (this.streams.some((stream) => stream.pending.length > 0)) {
      this.watch ??= setTimeout(this.expire, patience);
    }
  };
}

function cut(pieces: readonly Rect[], hole: Rect): readonly Rect[] {
  const left = without(pieces, [hole]);
  return left.length > mostPieces ? [] : left;
}
