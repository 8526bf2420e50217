import { expect, test } from "vitest";
import type { InputEvent } from "./events";
import { Pointer, remotePoint } from "./pointer";

const fit = { left: 100, top: 50, width: 960, height: 540, columns: 1920, rows: 1080 };

test.each([
  ["first pixel", fit, 100, 50, 0, 0],
  ["inside", fit, 100.5, 50.5, 1, 1],
  ["last pixel", fit, 1059.9, 589.9, 1919, 1079],
  ["left and above", fit, 3, -20, 0, 0],
  ["right and below", fit, 5000, 5000, 1919, 1079],
  ["one to one", { ...fit, width: 1920, height: 1080 }, 110, 61, 10, 11],
  ["one to one on a dense display", { ...fit, width: 1280, height: 720 }, 102, 52, 3, 3],
  ["no place yet", { ...fit, width: 0, height: 0 }, 5, 5, 0, 0],
])("%s", (_, place, x, y, wantX, wantY) => {
  expect(remotePoint(place, x, y)).toEqual({ x: wantX, y: wantY });
});

function setUp() {
  const messages: InputEvent[][] = [];
  return { pointer: new Pointer((...events) => messages.push(events)), messages };
}

test("a press brings its place along, in one message", () => {
  const { pointer, messages } = setUp();
  pointer.at(10, 20, 1, 0);
  pointer.at(10, 20, 0, 1);
  expect(messages).toEqual([
    [
      { kind: "pointer", x: 10, y: 20 },
      { kind: "button", button: 0, down: true },
    ],
    [{ kind: "button", button: 0, down: false }],
  ]);
});

test.each([
  [1, 0],
  [2, 2],
  [4, 1],
  [8, 3],
  [16, 4],
])("bit %i is button %i", (bit, button) => {
  const { pointer, messages } = setUp();
  pointer.at(0, 0, bit, 0);
  expect(messages[0]?.[1]).toEqual({ kind: "button", button, down: true });
});

test("several buttons at once, and one that is unknown", () => {
  const { pointer, messages } = setUp();
  pointer.at(0, 0, 1, 0);
  pointer.at(0, 0, 1 | 2 | 32, 1);
  pointer.at(0, 0, 4, 2);
  expect(messages.slice(1)).toEqual([
    [{ kind: "button", button: 2, down: true }],
    [
      { kind: "button", button: 0, down: false },
      { kind: "button", button: 2, down: false },
      { kind: "button", button: 1, down: true },
    ],
  ]);
});

test("what stays the same is not sent again", () => {
  const { pointer, messages } = setUp();
  pointer.at(1, 1, 0, 0);
  pointer.at(1, 1, 0, 100);
  expect(messages).toHaveLength(1);
});

test("raw places are thinned, the last one arrives, a press is never held back", () => {
  const { pointer, messages } = setUp();
  pointer.at(1, 1, 0, 100, true);
  pointer.at(2, 1, 0, 101, true);
  pointer.at(3, 1, 0, 102, true);
  expect(messages).toHaveLength(1);
  pointer.at(3, 1, 0, 103);
  expect(messages.at(-1)).toEqual([{ kind: "pointer", x: 3, y: 1 }]);
  pointer.at(4, 1, 1, 104, true);
  expect(messages.at(-1)).toHaveLength(2);
});

test("after a release of all, a button that is still down is pressed again", () => {
  const { pointer, messages } = setUp();
  pointer.at(1, 1, 1, 0);
  pointer.forget();
  pointer.at(1, 1, 1, 1);
  expect(messages[1]).toEqual(messages[0]);
});
