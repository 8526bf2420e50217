import { expect, test } from "vitest";
import { Wheel } from "./wheel";

test.each([
  ["a notch of Chromium", { deltaX: 0, deltaY: 100, deltaMode: 0, wheelDeltaX: -0, wheelDeltaY: -120 }, 0, 120],
  ["zoomed: pixels shrink, notches do not", { deltaX: 0, deltaY: 80, deltaMode: 0, wheelDeltaY: -120 }, 0, 120],
  ["up", { deltaX: 0, deltaY: -100, deltaMode: 0, wheelDeltaY: 120 }, 0, -120],
  ["sideways", { deltaX: 40, deltaY: 0, deltaMode: 0, wheelDeltaX: -120, wheelDeltaY: 0 }, 120, 0],
  ["pixels", { deltaX: 0, deltaY: 50, deltaMode: 0 }, 0, 60],
  ["lines", { deltaX: 0, deltaY: 3, deltaMode: 1 }, 0, 120],
  ["a page", { deltaX: 0, deltaY: -1, deltaMode: 2 }, 0, -360],
  ["absurd", { deltaX: 1e9, deltaY: -1e9, deltaMode: 0 }, 32767, -32767],
])("%s", (_, turn, dx, dy) => {
  expect(new Wheel().turn(turn)).toEqual({ dx, dy });
});

test("fractions add up and nothing is sent for them alone", () => {
  const wheel = new Wheel();
  const small = { deltaX: 0, deltaY: 0.5, deltaMode: 0 }; // 0.6 of a step
  expect(wheel.turn(small)).toBeUndefined();
  expect(wheel.turn(small)).toEqual({ dx: 0, dy: 1 });
});
