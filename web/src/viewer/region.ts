// Rectangles with whole coordinates, and sets of them that do not overlap.

export interface Rect {
  readonly x: number;
  readonly y: number;
  readonly w: number;
  readonly h: number;
}

/** What two rectangles share; undefined when that is nothing. */
export function shared(a: Rect, b: Rect): Rect | undefined {
  const x = Math.max(a.x, b.x);
  const y = Math.max(a.y, b.y);
  const w = Math.min(a.x + a.w, b.x + b.w) - x;
  const h = Math.min(a.y + a.h, b.y + b.h) - y;
  return w > 0 && h > 0 ? { x, y, w, h } : undefined;
}

/** What is left of rects without the holes: above, left, right and below of each. */
export function without(rects: readonly Rect[], holes: readonly Rect[]): readonly Rect[] {
  let left = rects;
  for (const hole of holes) {
    if (!left.some((r) => shared(r, hole))) continue;
    left = left.flatMap((r) => {
      const cut = shared(r, hole);
      if (!cut) return [r];
      const [right, bottom] = [cut.x + cut.w, cut.y + cut.h];
      return [
        { x: r.x, y: r.y, w: r.w, h: cut.y - r.y },
        { x: r.x, y: cut.y, w: cut.x - r.x, h: cut.h },
        { x: right, y: cut.y, w: r.x + r.w - right, h: cut.h },
        { x: r.x, y: bottom, w: r.w, h: r.y + r.h - bottom },
      ].filter((piece) => piece.w > 0 && piece.h > 0);
    });
  }
  return left;
}
