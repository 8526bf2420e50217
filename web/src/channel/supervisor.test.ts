import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { Backoff } from "./backoff";
import { type Ending, endedBy, patience, refusedBy, Supervisor } from "./supervisor";

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

const lost: Ending = { reason: "", final: false, lived: true };
const failed: Ending = { reason: "viewer-lost", final: false, lived: false };

function setUp(endings: (Ending | { lasts: number; ending: Ending })[], random = 0.5) {
  const log: string[] = [];
  let tries = 0;
  const supervisor = new Supervisor({
    once: async (again) => {
      log.push(again ? "again" : "first");
      const ending = endings[Math.min(tries++, endings.length - 1)]!;
      if (!("lasts" in ending)) return ending;
      await new Promise((resolve) => setTimeout(resolve, ending.lasts));
      return ending.ending;
    },
    onWaiting: (again) => log.push(again ? "reconnecting" : "connecting"),
    onEnded: (reason) => log.push(`ended: ${reason}`),
    now: () => Date.now(),
    random: () => random,
  });
  return { supervisor, log, tries: () => tries };
}

test("a lost connection comes back; a final one does not", async () => {
  const { supervisor, log } = setUp([lost, failed, lost, endedBy("ended-by-end-user", true)]);
  const run = supervisor.run();
  await vi.runAllTimersAsync();
  await run;
  expect(log).toEqual([
    ...["first", "reconnecting", "again", "reconnecting", "again", "reconnecting", "again"],
    "ended: ended-by-end-user",
  ]);
});

test("it gives up two minutes after the connection was lost", async () => {
  const { supervisor, log } = setUp([{ lasts: 600_000, ending: lost }, failed]);
  const begin = Date.now();
  const run = supervisor.run();
  await vi.runAllTimersAsync();
  await run;
  expect(log.at(-1)).toBe("ended: viewer-lost");
  const took = Date.now() - begin - 600_000;
  expect(took).toBeGreaterThan(patience - 10_000);
  expect(took).toBeLessThanOrEqual(patience);
});

test("before it ever was connected it says so", async () => {
  const { supervisor, log } = setUp([failed, endedBy("denied", false)]);
  const run = supervisor.run();
  await vi.runAllTimersAsync();
  await run;
  expect(log).toEqual(["first", "connecting", "first", "ended: denied"]);
});

test("the network's return ends the wait", async () => {
  const { supervisor, tries } = setUp([lost, lost, endedBy("denied", false)]);
  const run = supervisor.run();
  await vi.advanceTimersByTimeAsync(0);
  expect(tries()).toBe(1);
  supervisor.retry();
  await vi.advanceTimersByTimeAsync(0);
  expect(tries()).toBe(2);
  supervisor.stop();
  await run;
  expect(tries()).toBe(2);
});

test("waits grow, with full jitter, up to ten seconds", () => {
  const limits = new Backoff(() => 1);
  expect([1, 2, 3, 4, 5, 6, 7].map(() => limits.next())).toEqual([500, 1000, 2000, 4000, 8000, 10_000, 10_000]);
  const half = new Backoff(() => 0.5);
  half.next();
  expect(half.next()).toBe(500);
  half.reset();
  expect(half.next()).toBe(250);
});

describe("which endings are final", () => {
  test.each([
    ["", false],
    ["client-lost", false],
    ["server-stopping", false],
    ["timeout", false],
    ["ended-by-agent", true],
    ["ended-by-end-user", true],
    ["denied", true],
    ["replaced", true],
    ["login-ended", true],
    ["protocol", true],
    ["bad-key", true],
    ["something new", true],
  ])("%j: %j", (reason, final) => {
    expect(endedBy(reason, true).final).toBe(final);
  });

  test.each([
    ["", false, false],
    ["unreachable", false, false],
    ["offline", false, true],
    ["offline", true, false],
    ["conflict", true, false],
    ["unauthorized", true, true],
    ["not-found", true, true],
  ])("the API's %j, before: %j → %j", (code, again, final) => {
    expect(refusedBy(code, again).final).toBe(final);
  });
});
