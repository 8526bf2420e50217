import { expect, test } from "vitest";
import { makeSession } from "../../dev/seed";
import type { SessionState } from "../api/sessions";
import { newlyReady, standing } from "./newly-ready";

const session = (state: SessionState) => ({ ...makeSession(0, () => "2026-11-22T12:00:00Z"), state });

test.each<[SessionState | undefined, boolean]>([
  [undefined, true],
  ["invited", true],
  ["waiting", true],
  ["ready", false],
  ["asking", false],
  ["connected", false],
  ["reconnecting", false],
])("a session that was %s and is ready now is news: %s", (before, news) => {
  const then = standing(before ? [session(before)] : []);
  expect(newlyReady(then, [session("ready")]).length).toBe(news ? 1 : 0);
});

test("a session on an unattended computer is no news", () => {
  expect(newlyReady(new Map(), [{ ...session("ready"), type: "unattended" }])).toEqual([]);
});

test("a session that is not ready is no news", () => {
  expect(newlyReady(new Map(), [session("waiting"), session("connected")])).toEqual([]);
});

test("one more in line is news, whatever the session's state; who was moved to another one is not", () => {
  const before = { ...session("connected"), line: makeSession(0, () => "2026-11-22T12:00:00Z").line.slice(0, 2) };
  const [first, second] = before.line;
  const third = { ...second!, participantId: "third" };
  expect(newlyReady(standing([before]), [{ ...before, line: [first!, second!, third] }])).toHaveLength(1);
  expect(newlyReady(standing([before]), [before])).toHaveLength(0);
  const moved = { ...before, id: "own", state: "ready" as const, line: [second!] };
  expect(newlyReady(standing([before]), [{ ...before, line: [first!] }, moved])).toHaveLength(0);
});
