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
