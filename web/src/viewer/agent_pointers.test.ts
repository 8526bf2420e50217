// @vitest-environment jsdom

import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { AgentPointers } from "./agent_pointers";
import type { ViewerState, Watcher } from "./state";

beforeEach(() => vi.useFakeTimers());
afterEach(() => vi.useRealTimers());

const you: Watcher = { agentId: "1", name: "Rodney", colour: 0, control: true, you: true, mayTake: false };
const ada: Watcher = { ...you, agentId: "2", name: "Ada", colour: 1, you: false };

function setUp() {
  const parent = document.createElement("div");
  const canvas = document.createElement("canvas");
  parent.append(canvas);
  document.body.append(parent);
  canvas.width = 100;
  canvas.height = 50;
  canvas.getBoundingClientRect = () => new DOMRect(0, 0, 200, 100);
  const told: [number, number, boolean][] = [];
  const pointers = new AgentPointers(canvas, (...at) => told.push(at));
  const meet = (...watchers: Watcher[]) =>
    pointers.meet({ phase: "live", watchers, selectedDisplay: 7 } as unknown as ViewerState);
  const move = (clientX: number, clientY: number) =>
    canvas.dispatchEvent(new MouseEvent("pointermove", { clientX, clientY }));
  const shown = () => [...parent.querySelectorAll<HTMLElement>("[data-agent]")];
  return { canvas, parent, pointers, told, meet, move, shown };
}

test("tells where one points, the last place too, only while others are there", () => {
  const { told, meet, move, canvas } = setUp();
  meet(you);
  move(20, 20);
  vi.advanceTimersByTime(1000);
  expect(told).toEqual([]);
  meet(you, ada);
  for (let x = 0; x <= 100; x += 10) {
    move(x, 40);
    vi.advanceTimersByTime(10);
  }
  vi.advanceTimersByTime(200);
  expect(told.length).toBeLessThanOrEqual(4);
  expect(told.at(-1)).toEqual([50, 20, false]);
  canvas.dispatchEvent(new MouseEvent("pointerleave"));
  expect(told.at(-1)).toEqual([0, 0, true]);
});

test("shows the others with their names, fades what is still, and takes away who has left", () => {
  const { pointers, meet, shown, parent } = setUp();
  const at = { agentId: "2", display: 7, x: 3, y: 4, gone: false };
  pointers.show(at); // nobody is known by that name yet
  expect(shown()).toEqual([]);
  meet(you, ada);
  pointers.show(at);
  expect(shown().map((one) => one.textContent)).toEqual(["Ada"]);
  expect(shown()[0]?.dataset).toMatchObject({ agent: "2", colour: "1" });
  expect(shown()[0]?.dataset.still).toBeUndefined();
  vi.advanceTimersByTime(3000);
  expect(shown()[0]?.dataset.still).toBe("");
  pointers.show({ ...at, display: 8 });
  expect(shown()[0]?.hidden).toBe(true);
  pointers.show({ ...at, gone: true });
  expect(shown()).toEqual([]);
  pointers.show(at);
  meet(you);
  expect(parent.children).toHaveLength(1);
});
