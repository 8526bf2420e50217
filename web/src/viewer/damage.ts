// What has changed since the last picture went to the page: a few rectangles that together cover it.

import type { Rect } from "./region";

const most = 64;
const fields = 4;

/** Damage collects rectangles. Neighbours in reading order become one; when there are too many, their hull stands for all. */
export class Damage {
  /** x, y, w, h of each rectangle. */
  readonly rects = new Uint32Array(most * fields);
  count = 0;

  clear(): void {
    this.count = 0;
  }

  add(x: number, y: number, w: number, h: number): void {
    if (w === 0 || h === 0 || this.covered(x, y, w, h)) return;
    if (this.count === most) this.hull();
    const r = this.rects;
    let i = this.count * fields;
    r[i] = x;
    r[i + 1] = y;
    r[i + 2] = w;
    r[i + 3] = h;
    this.count++;
    // Joining the last two may let the result join the one before it.
    while (this.count > 1 && this.join(i - fields, i)) {
      this.count--;
      i -= fields;
    }
  }

  readonly addRect = ({ x, y, w, h }: Rect): void => this.add(x, y, w, h);

  list(): Rect[] {
    const list: Rect[] = [];
    for (let i = 0; i < this.count * fields; i += fields) {
      const [x, y, w, h] = this.rects.subarray(i, i + fields) as unknown as [number, number, number, number];
      list.push({ x, y, w, h });
    }
    return list;
  }

  /** Pixels in all rectangles; overlaps count more than once. */
  area(): number {
    let sum = 0;
    for (let i = 0; i < this.count * fields; i += fields) sum += this.rects[i + 2]! * this.rects[i + 3]!;
    return sum;
  }

  /** Makes one rectangle of all. */
  hull(): void {
    if (this.count < 2) return;
    const r = this.rects;
    let left = r[0]!;
    let top = r[1]!;
    let right = left + r[2]!;
    let bottom = top + r[3]!;
    for (let i = fields; i < this.count * fields; i += fields) {
      left = Math.min(left, r[i]!);
      top = Math.min(top, r[i + 1]!);
      right = Math.max(right, r[i]! + r[i + 2]!);
      bottom = Math.max(bottom, r[i + 1]! + r[i + 3]!);
    }
    r[0] = left;
    r[1] = top;
    r[2] = right - left;
    r[3] = bottom - top;
    this.count = 1;
  }

  private covered(x: number, y: number, w: number, h: number): boolean {
    const r = this.rects;
    for (let i = 0; i < this.count * fields; i += fields) {
      if (x >= r[i]! && y >= r[i + 1]! && x + w <= r[i]! + r[i + 2]! && y + h <= r[i + 1]! + r[i + 3]!) return true;
    }
    return false;
  }

  /** Grows rectangle a by b when the two make a rectangle without a gap. */
  private join(a: number, b: number): boolean {
    const r = this.rects;
    if (r[a + 1] === r[b + 1] && r[a + 3] === r[b + 3] && r[a]! + r[a + 2]! === r[b]) {
      r[a + 2]! += r[b + 2]!;
      return true;
    }
    if (r[a] === r[b] && r[a + 2] === r[b + 2] && r[a + 1]! + r[a + 3]! === r[b + 1]) {
      r[a + 3]! += r[b + 3]!;
      return true;
    }
    return false;
  }
}
