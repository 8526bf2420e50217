import { expect, test } from "vitest";
import { Damage } from "./damage";

type Rect = [number, number, number, number];

function collect(...rects: Rect[]): Rect[] {
  const damage = new Damage();
  for (const r of rects) damage.add(...r);
  return listed(damage);
}

function listed(damage: Damage): Rect[] {
  const out: Rect[] = [];
  for (let i = 0; i < damage.count; i++) out.push([...damage.rects.subarray(i * 4, i * 4 + 4)] as Rect);
  return out;
}

test.each<[string, Rect[], Rect[]]>([
  ["nothing", [], []],
  ["an empty rectangle", [[3, 3, 0, 5]], []],
  [
    "tiles of a row",
    [
      [0, 0, 64, 64],
      [64, 0, 64, 64],
    ],
    [[0, 0, 128, 64]],
  ],
  [
    "rows of the same width",
    [
      [0, 0, 64, 64],
      [0, 64, 64, 10],
    ],
    [[0, 0, 64, 74]],
  ],
  [
    "four tiles in reading order",
    [
      [0, 0, 8, 8],
      [8, 0, 8, 8],
      [0, 8, 8, 8],
      [8, 8, 8, 8],
    ],
    [[0, 0, 16, 16]],
  ],
  [
    "one inside another",
    [
      [0, 0, 50, 50],
      [10, 10, 5, 5],
    ],
    [[0, 0, 50, 50]],
  ],
  [
    "two apart",
    [
      [0, 0, 8, 8],
      [20, 0, 8, 8],
    ],
    [
      [0, 0, 8, 8],
      [20, 0, 8, 8],
    ],
  ],
])("%s", (_, rects, wanted) => {
  expect(collect(...rects)).toEqual(wanted);
});

test("too many become their hull and go on", () => {
  const rects: Rect[] = [];
  for (let i = 0; i < 64; i++) rects.push([i * 10, i * 10, 5, 5]);
  expect(collect(...rects)).toHaveLength(64);
  expect(collect(...rects, [1000, 0, 1, 1])).toEqual([
    [0, 0, 635, 635],
    [1000, 0, 1, 1],
  ]);
});
