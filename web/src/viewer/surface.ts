// The remote picture as plain memory: R, G, B, 255 in rows, inside the heap of the zstd module, so that changes are
// copied within one memory. Copying there takes a thirtieth of what a canvas takes to draw on itself (docs/design/0003).

import { Block, type Heap } from "./zstd";

/** Surface is what the decoders draw on. Coordinates are pixels, and checked before they come here. */
export interface Surface {
  readonly width: number;
  readonly height: number;
  /** Copies w×h from (sx, sy) to (x, y); the two may overlap. */
  copy(x: number, y: number, w: number, h: number, sx: number, sy: number): void;
  /** Fills with one colour, as the bytes R, G, B, 255 read by a little-endian machine. */
  fill(x: number, y: number, w: number, h: number, colour: number): void;
  /** Sets pixels from w×h×4 bytes of the heap at src. */
  pixels(x: number, y: number, w: number, h: number, src: number): void;
  /** Sets pixels from w×h bytes of the heap at src, each for R, G and B. */
  gray(x: number, y: number, w: number, h: number, src: number): void;
}

export const black = 0xff000000;

export class HeapSurface implements Surface {
  width = 0;
  height = 0;
  private readonly heap: Heap;
  private readonly memory: Block;

  constructor(heap: Heap) {
    this.heap = heap;
    this.memory = new Block(heap);
  }

  /** Takes a new size and clears. Throws a RangeError when there is no memory for it. */
  resize(width: number, height: number): void {
    this.width = 0;
    this.height = 0;
    this.memory.reserve(width * height * 4);
    this.width = width;
    this.height = height;
    this.fill(0, 0, width, height, black);
  }

  release(): void {
    this.width = 0;
    this.height = 0;
    this.memory.release();
  }

  copy(x: number, y: number, w: number, h: number, sx: number, sy: number): void {
    const stride = this.width * 4;
    const bytes = w * 4;
    const { u8 } = this.heap;
    let from = this.at(sx, sy);
    let to = this.at(x, y);
    let step = stride;
    if (sy < y) {
      // Downwards: the last row first, so that no row is read after it was written.
      from += (h - 1) * stride;
      to += (h - 1) * stride;
      step = -stride;
    }
    for (let row = 0; row < h; row++, from += step, to += step) u8.copyWithin(to, from, from + bytes);
  }

  fill(x: number, y: number, w: number, h: number, colour: number): void {
    const { u32 } = this.heap;
    let at = this.at(x, y) >>> 2;
    if (w === this.width) {
      u32.fill(colour, at, at + w * h);
      return;
    }
    for (let row = 0; row < h; row++, at += this.width) u32.fill(colour, at, at + w);
  }

  pixels(x: number, y: number, w: number, h: number, src: number): void {
    const stride = this.width * 4;
    const bytes = w * 4;
    const { u8 } = this.heap;
    let to = this.at(x, y);
    if (bytes === stride) {
      u8.copyWithin(to, src, src + bytes * h);
      return;
    }
    for (let row = 0; row < h; row++, to += stride, src += bytes) u8.copyWithin(to, src, src + bytes);
  }

  gray(x: number, y: number, w: number, h: number, src: number): void {
    const { u8, u32 } = this.heap;
    let row = this.at(x, y) >>> 2;
    for (let i = 0; i < h; i++, row += this.width) {
      for (let to = row; to < row + w; to++) u32[to] = (u8[src++]! * 0x010101) | black;
    }
  }

  /** Copies the pixels of a rectangle to the heap at to, row after row. */
  save(x: number, y: number, w: number, h: number, to: number): void {
    const stride = this.width * 4;
    const bytes = w * 4;
    const { u8 } = this.heap;
    let from = this.at(x, y);
    for (let row = 0; row < h; row++, from += stride, to += bytes) u8.copyWithin(to, from, from + bytes);
  }

  /** Writes the pixels of a rectangle, row after row, into out from offset at. */
  read(x: number, y: number, w: number, h: number, out: Uint8Array, at: number): void {
    const stride = this.width * 4;
    const bytes = w * 4;
    const { u8 } = this.heap;
    let from = this.at(x, y);
    if (bytes === stride) {
      out.set(u8.subarray(from, from + bytes * h), at);
      return;
    }
    for (let row = 0; row < h; row++, from += stride, at += bytes) out.set(u8.subarray(from, from + bytes), at);
  }

  private at(x: number, y: number): number {
    return this.memory.ptr + (y * this.width + x) * 4;
  }
}
