import { expect, test } from "vitest";
import { type Rect, shared, without } from "./region";

const rect = (x: number, y: number, w: number, h: number): Rect => ({ x, y, w, h });

test("what two rectangles share", () => {
  expect(shared(rect(0, 0, 10, 10), rect(5, 6, 10, 10))).toEqual(rect(5, 6, 5, 4));
  expect(shared(rect(0, 0, 10, 10), rect(10, 0, 5, 5))).toBeUndefined();
});

test("what is left without holes covers exactly the rest, once", () => {
  let seed = 7;
  const random = (below: number) => {
    seed = (Math.imul(seed, 1664525) + 1013904223) >>> 0;
    return Math.floor((seed / 2 ** 32) * below);
  };
  for (let round = 0; round < 200; round++) {
    const some = () =>
      Array.from({ length: 1 + random(4) }, () => rect(random(12), random(12), 1 + random(8), 1 + random(8)));
    const whole = rect(2, 3, 14, 12);
    const holes = some();
    const painted = new Map<string, number>();
    for (const { x, y, w, h } of without([whole], holes)) {
      for (let b = y; b < y + h; b++)
        for (let a = x; a < x + w; a++) painted.set(`${a} ${b}`, (painted.get(`${a} ${b}`) ?? 0) + 1);
    }
    for (let y = 0; y < 30; y++) {
      for (let x = 0; x < 30; x++) {
        const pixel = rect(x, y, 1, 1);
        const wanted = shared(whole, pixel) && !holes.some((hole) => shared(hole, pixel)) ? 1 : 0;
        expect(painted.get(`${x} ${y}`) ?? 0).toBe(wanted);
      }
    }
  }
});
