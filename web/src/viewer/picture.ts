// How changed pixels travel from the worker to the page: one ArrayBuffer that is handed over, never copied, and comes
// back to be filled again. It holds a count, then x, y, w, h of each rectangle (all uint32 in the machine's order), then
// the pixels of the rectangles one after the other.

import type { ScreenDecoder } from "./screen";

const fields = 4;

/** Packer fills pictures. It keeps the one buffer that came back. */
export class Packer {
  private spare: ArrayBuffer | undefined;

  /** Takes a buffer back. */
  giveBack(buffer: ArrayBuffer): void {
    this.spare = buffer;
  }

  /** Packs everything that has changed and marks it as seen. */
  pack(decoder: ScreenDecoder): ArrayBuffer {
    const { damage, surface } = decoder;
    const whole = surface.width * surface.height;
    if (damage.area() > whole) damage.hull();
    const head = 4 * (1 + damage.count * fields);
    const buffer = this.room(head + damage.area() * 4, whole * 4);
    const table = new Uint32Array(buffer, 0, 1 + damage.count * fields);
    const bytes = new Uint8Array(buffer);
    table[0] = damage.count;
    let at = head;
    for (let i = 0; i < damage.count; i++) {
      const r = i * fields;
      const [x, y, w, h] = [damage.rects[r]!, damage.rects[r + 1]!, damage.rects[r + 2]!, damage.rects[r + 3]!];
      table.set([x, y, w, h], 1 + r);
      surface.read(x, y, w, h, bytes, at);
      at += w * h * 4;
    }
    damage.clear();
    return buffer;
  }

  /** A buffer for size bytes. The first one is big enough for the whole picture: fresh memory is dear, so it is got once. */
  private room(size: number, whole: number): ArrayBuffer {
    const spare = this.spare;
    this.spare = undefined;
    if (spare && spare.byteLength >= size) return spare;
    return new ArrayBuffer(Math.max(size, whole + 4096));
  }
}

/** Calls put for each rectangle of a packed picture. The pixels lie in the buffer itself. */
export function unpack(
  buffer: ArrayBuffer,
  put: (pixels: Uint8ClampedArray<ArrayBuffer>, x: number, y: number, w: number, h: number) => void,
): void {
  const count = new Uint32Array(buffer, 0, 1)[0]!;
  const rects = new Uint32Array(buffer, 4, count * fields);
  let at = 4 * (1 + count * fields);
  for (let r = 0; r < rects.length; r += fields) {
    const w = rects[r + 2]!;
    const h = rects[r + 3]!;
    put(new Uint8ClampedArray(buffer, at, w * h * 4), rects[r]!, rects[r + 1]!, w, h);
    at += w * h * 4;
  }
}
