// How changed pixels travel from the worker to the page, in one buffer: state, id, after, width, height, count, then x, y, w, h of
// each rectangle (all uint32 in the machine's order), then the pixels of the rectangles one after the other.
//
// Where the page is isolated from others (cross-origin isolation) a small picture lies in shared memory: the page may look for it
// before the message about it comes. Else the buffer is handed over with the message, and handed back. Large pictures
// always are: browsers copy to and from shared memory slowly. So that a small one need not wait for a large one on its way (a key's answer
// for a video's frame), it may go beside it, when the two have no pixel in common: then it does not matter which is put first.

import type { Overlays, Painting } from "./overlays";
import { type Rect, shared } from "./region";
import type { ScreenDecoder } from "./screen";
import { black } from "./surface";
import { PictureReader } from "./video/pixels";

const fields = 4;
const headWords = 6;
const empty = 0;
const full = 1;

/** What a picture says about itself. */
export interface PictureHead {
  id: number; // of the newest update in it
  after: number; // of the picture that it goes beside; its own when there is none
  /** Of the whole surface. */
  width: number;
  height: number;
}

export interface PictureRect extends Rect {
  /** w×h×4 bytes; they lie in the buffer. */
  pixels: Uint8Array;
}

/** A picture on its way to the page. */
export interface Packed {
  readonly id: number;
  readonly buffer: ArrayBufferLike | Promise<ArrayBufferLike>;
  /** What it puts. */
  readonly rects: readonly Rect[];
  readonly paintings: readonly Painting[];
  readonly shared: boolean;
}

/** Packer fills buffers. It keeps the one that comes back, for fresh memory is dear. */
export class Packer {
  private readonly shared: SharedArrayBuffer | undefined;
  private spare: ArrayBuffer | undefined;
  private readonly reader = new PictureReader();

  /** sharedSize: bytes of memory that is shared with the page; 0 where it cannot be. */
  constructor(sharedSize: number) {
    if (sharedSize > 0) this.shared = new SharedArrayBuffer(sharedSize);
  }

  /** Takes a buffer back that was handed over. */
  giveBack(buffer: ArrayBuffer): void {
    this.spare = buffer;
  }

  /**
   * Packs everything that has changed and is to be seen, and marks it as seen. The picture before must have been taken. With frames of
   * videos it takes a moment, since they are converted; what changes meanwhile is for the next picture.
   */
  pack(id: number, decoder: ScreenDecoder, overlays: Overlays): Packed {
    const { damage, surface } = decoder;
    const paintings = overlays.take(damage.addRect);
    if (damage.area() > surface.width * surface.height) damage.hull();
    const rects = damage.list().flatMap((rect) => overlays.visible(rect));
    damage.clear();
    const pieces = paintings.flatMap((painting) => painting.pieces);
    const all = [...rects, ...pieces];
    const { buffer, words, bytes, at } = this.write(id, id, decoder, rects, all);
    const packed = { id, rects: all, paintings, shared: buffer === this.shared };
    if (paintings.length === 0) return { ...packed, buffer: finished(buffer, words) };
    return { ...packed, buffer: this.paint(paintings, overlays, bytes, at).then(() => finished(buffer, words)) };
  }

  /**
   * Packs what has changed on the surface, to go beside a picture that is on its way, and marks it as seen; undefined when that cannot
   * be. Nothing else may be on its way.
   */
  packBeside(id: number, decoder: ScreenDecoder, overlays: Overlays, other: Packed): Packed | undefined {
    const { damage } = decoder;
    if (!this.shared || other.shared) return undefined;
    const rects = damage.list().flatMap((rect) => overlays.visible(rect));
    if (rects.length === 0 || bytesOf(rects) > this.shared.byteLength) return undefined;
    if (rects.some((rect) => other.rects.some((o) => shared(rect, o)))) return undefined;
    damage.clear();
    const { buffer, words } = this.write(id, other.id, decoder, rects, rects);
    return { id, buffer: finished(buffer, words), rects, paintings: [], shared: true };
  }

  /** Writes the head of a picture and the pixels of its first rectangles, which are the surface's; at: where those of the others belong. */
  private write(id: number, after: number, decoder: ScreenDecoder, rects: readonly Rect[], all: readonly Rect[]) {
    const { surface } = decoder;
    const buffer = this.room(bytesOf(all), surface.width * surface.height * 4);
    const head = 4 * (headWords + all.length * fields);
    const words = new Int32Array(buffer, 0, head / 4);
    const bytes = new Uint8Array(buffer);
    words.set([id, after, surface.width, surface.height, all.length], 1);
    for (const [i, { x, y, w, h }] of all.entries()) words.set([x, y, w, h], headWords + i * fields);
    let at = head;
    for (const { x, y, w, h } of rects) {
      surface.read(x, y, w, h, bytes, at);
      at += w * h * 4;
    }
    return { buffer, words, bytes, at };
  }

  /** Converts the pictures of videos. What fails is black, until the refresh that follows. */
  private async paint(paintings: readonly Painting[], overlays: Overlays, out: Uint8Array, at: number): Promise<void> {
    for (const painting of paintings) {
      const { picture, pieces } = painting;
      try {
        await this.reader.read(picture, painting, out, at);
      } catch (error) {
        new Uint32Array(out.buffer, out.byteOffset + at, area(pieces)).fill(black);
        overlays.spoiled(painting, error);
      }
      picture.close();
      at += area(pieces) * 4;
    }
  }

  /** A buffer for size bytes. The first one to be handed over is big enough for the whole picture. */
  private room(size: number, whole: number): ArrayBufferLike {
    if (this.shared && size <= this.shared.byteLength) return this.shared;
    const { spare } = this;
    this.spare = undefined;
    return spare && spare.byteLength >= size ? spare : new ArrayBuffer(Math.max(size, whole + 4096));
  }
}

function area(rects: readonly Rect[]): number {
  return rects.reduce((sum, { w, h }) => sum + w * h, 0);
}

/** Bytes of a picture of these rectangles. */
function bytesOf(rects: readonly Rect[]): number {
  return 4 * (headWords + rects.length * fields + area(rects));
}

function finished(buffer: ArrayBufferLike, words: Int32Array): ArrayBufferLike {
  Atomics.store(words, 0, full);
  return buffer;
}

/**
 * Takes the picture that is in a buffer, once; undefined when there is none. begin is called first, then put for each
 * rectangle.
 */
export function takePicture(
  buffer: ArrayBufferLike,
  begin: (head: PictureHead) => void,
  put: (rect: PictureRect) => void,
): PictureHead | undefined {
  const words = new Int32Array(buffer, 0, buffer.byteLength >> 2);
  if (Atomics.compareExchange(words, 0, full, empty) !== full) return undefined;
  const head = { id: words[1]! >>> 0, after: words[2]! >>> 0, width: words[3]!, height: words[4]! };
  begin(head);
  const end = headWords + words[5]! * fields;
  let at = end * 4;
  for (let r = headWords; r < end; r += fields) {
    const [x, y, w, h] = [words[r]!, words[r + 1]!, words[r + 2]!, words[r + 3]!];
    put({ x, y, w, h, pixels: new Uint8Array(buffer, at, w * h * 4) });
    at += w * h * 4;
  }
  return head;
}
