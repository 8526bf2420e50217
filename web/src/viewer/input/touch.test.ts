import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { Touch } from "./touch";

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

function setUp() {
  const log: string[] = [];
  const touch = new Touch({
    pointer: (x, y, buttons) => log.push(`${x},${y}:${buttons}`),
    scroll: (dx, dy) => log.push(`scroll ${dx},${dy}`),
  });
  return { touch, log };
}

test("a tap clicks where it began, although the finger trembles", () => {
  const { touch, log } = setUp();
  touch.down(1, 10, 20);
  touch.move(1, 13, 22);
  touch.up(1);
  vi.runAllTimers();
  expect(log).toEqual(["10,20:0", "10,20:1", "10,20:0"]);
});

test("a long press clicks right, once", () => {
  const { touch, log } = setUp();
  touch.down(1, 10, 20);
  vi.advanceTimersByTime(500);
  touch.move(1, 90, 90);
  touch.up(1);
  expect(log).toEqual(["10,20:0", "10,20:2", "10,20:0"]);
});

test("a finger that moves drags", () => {
  const { touch, log } = setUp();
  touch.down(1, 10, 20);
  touch.move(1, 30, 20);
  touch.move(1, 40, 20);
  touch.up(1);
  vi.runAllTimers();
  expect(log).toEqual(["10,20:0", "10,20:1", "30,20:1", "40,20:1", "40,20:0"]);
});

test("two fingers scroll, and what is left of them does nothing", () => {
  const { touch, log } = setUp();
  touch.down(1, 0, 0);
  touch.down(2, 100, 0);
  touch.move(1, 0, -20);
  touch.move(2, 100, -20);
  touch.up(1);
  touch.move(2, 100, 50);
  touch.up(2);
  vi.runAllTimers();
  expect(log).toEqual(["50,0:0", "scroll 0,10", "scroll 0,10"]);
});

test("a touch that the system takes away clicks nothing", () => {
  const { touch, log } = setUp();
  touch.down(1, 10, 20);
  touch.up(1, true);
  vi.runAllTimers();
  expect(log).toEqual([]);
});

test("a drag that is taken away lets the button go", () => {
  const { touch, log } = setUp();
  touch.down(1, 10, 20);
  touch.move(1, 30, 20);
  touch.up(1, true);
  expect(log.at(-1)).toBe("30,20:0");
});
