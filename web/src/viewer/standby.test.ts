import { afterEach, beforeEach, expect, test, vi } from "vitest";

class FakeWorker {
  static made: FakeWorker[] = [];
  onerror: ((e: { preventDefault(): void }) => void) | null = null;

  constructor() {
    FakeWorker.made.push(this);
  }
}

beforeEach(() => {
  vi.resetModules(); // the worker that waits is the module's
  vi.stubGlobal("Worker", FakeWorker);
  FakeWorker.made = [];
});
afterEach(() => void vi.unstubAllGlobals());

test("one worker waits, and each viewer has its own", async () => {
  const { standBy, takeWorker } = await import("./standby");
  standBy();
  standBy();
  expect(FakeWorker.made).toHaveLength(1);
  const first = takeWorker();
  expect(first.worker).toBe(FakeWorker.made[0]);
  expect(takeWorker().worker).not.toBe(first.worker);
  expect(FakeWorker.made).toHaveLength(2);
});

test("a worker that could not start is not used", async () => {
  const { standBy, takeWorker } = await import("./standby");
  standBy();
  const preventDefault = vi.fn();
  FakeWorker.made[0]!.onerror!({ preventDefault });
  expect(preventDefault).toHaveBeenCalled();
  expect(takeWorker().worker).toBe(FakeWorker.made[1]);
});
