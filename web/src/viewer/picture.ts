// How changed pixels travel from the worker to the page, in one buffer: state, id, width, height, count, then x, y, w, h of each
// rectangle (all uint32 in the machine's order), then the pixels of the rectangles one after the other.
//
// Where the page is isolated from others (cross-origin isolation) a small picture lies in shared memory: the page may look for it
// before the message about it comes. Else the buffer is handed over with the message, and handed back. Large pictures
// always are: browsers copy to and from shared memory slowly.

import type { Overlays, Painting } from "./overlays";
import type { Rect } from "./region";
import type { ScreenDecoder } from "./screen";
import { black } from "./surface";
import { PictureReader } from "./video/pixels";

const fields = 4;
const headWords = 5;
const empty = 0;
const full = 1;

/** What a picture says about itself. */
export interface PictureHead {
  id: number; // of the newest update in it
  /** Of the whole surface. */
  width: number;
  height: number;
}

export interface PictureRect extends Rect {
  /** w×h×4 bytes; they lie in the buffer. */
  pixels: Uint8Array;
}

/** Bytes of the shared buffer. */
const sharedSize = 512 << 10;

/** Packer fills buffers. It keeps the one that comes back, for fresh memory is dear. */
export class Packer {
  private readonly shared: SharedArrayBuffer | undefined;
  private spare: ArrayBuffer | undefined;
  private readonly reader = new PictureReader();

  /** shared: whether memory can be shared with the page. */
  constructor(shared: boolean) {
    if (shared) this.shared = new SharedArrayBuffer(sharedSize);
  }

  /** Takes a buffer back that was handed over. */
  giveBack(buffer: ArrayBuffer): void {
    this.spare = buffer;
  }

  /**
   * Packs everything that has changed and is to be seen, and marks it as seen. The picture before must have been taken. With frames of
   * videos it takes a moment, since they are converted; what changes meanwhile is for the next picture.
   */
  pack(
    id: number,
    decoder: ScreenDecoder,
    overlays: Overlays,
  ): { buffer: ArrayBufferLike | Promise<ArrayBufferLike>; paintings: readonly Painting[] } {
    const { damage, surface } = decoder;
    const paintings = overlays.take(damage.addRect);
    if (damage.area() > surface.width * surface.height) damage.hull();
    const rects = damage.list().flatMap((rect) => overlays.visible(rect));
    damage.clear();
    const pieces = paintings.flatMap((painting) => painting.pieces);
    const all = [...rects, ...pieces];
    const head = 4 * (headWords + all.length * fields);
    const buffer = this.room(head + area(all) * 4, surface.width * surface.height * 4);
    const words = new Int32Array(buffer, 0, head / 4);
    const bytes = new Uint8Array(buffer);
    words[1] = id;
    words[2] = surface.width;
    words[3] = surface.height;
    words[4] = all.length;
    for (const [i, { x, y, w, h }] of all.entries()) words.set([x, y, w, h], headWords + i * fields);
    let at = head;
    for (const { x, y, w, h } of rects) {
      surface.read(x, y, w, h, bytes, at);
      at += w * h * 4;
    }
    if (paintings.length === 0) return { buffer: finished(buffer, words), paintings };
    const painted = this.paint(paintings, overlays, bytes, at).then(() => finished(buffer, words));
    return { buffer: painted, paintings };
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
    if (this.shared && size <= sharedSize) return this.shared;
    const { spare } = this;
    this.spare = undefined;
    return spare && spare.byteLength >= size ? spare : new ArrayBuffer(Math.max(size, whole + 4096));
  }
}

function area(rects: readonly Rect[]): number {
  return rects.reduce((sum, { w, h }) => sum + w * h, 0);
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
  const head = { id: words[1]! >>> 0, width: words[2]!, height: words[3]! };
  begin(head);
  const end = headWords + words[4]! * fields;
  let at = end * 4;
  for (let r = headWords; r < end; r += fields) {
    const [x, y, w, h] = [words[r]!, words[r + 1]!, words[r + 2]!, words[r + 3]!];
    put({ x, y, w, h, pixels: new Uint8Array(buffer, at, w * h * 4) });
    at += w * h * 4;
  }
  return head;
}
