import { QueryClient } from "@tanstack/react-query";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { computersQuery } from "../api/computers";
import { meQuery } from "../api/me";
import { FakeSocket } from "../test/fake-socket";
import { server } from "../test/setup";
import { eventsUrl, Live } from "./events";

let queries: QueryClient;
let live: Live;
let invalidated: string[];

beforeEach(() => {
  vi.useFakeTimers();
  queries = new QueryClient();
  invalidated = [];
  vi.spyOn(queries, "invalidateQueries").mockImplementation(async (filter) => {
    invalidated.push(filter?.queryKey ? JSON.stringify(filter.queryKey) : "all");
  });
  live = new Live({ queries, url: "ws://desk/api/events", random: () => 0.5 });
  live.start();
});

afterEach(() => {
  live.stop();
  vi.useRealTimers();
});

test("gathers hints that come together into one fetch of each", () => {
  FakeSocket.last.onopen?.();
  FakeSocket.last.say({ type: "changed", topics: ["sessions", "logs"] });
  FakeSocket.last.say({ type: "changed", topics: ["sessions", "something-new"] });
  expect(invalidated).toEqual([]);
  vi.advanceTimersByTime(100);
  expect(invalidated).toEqual(['["sessions"]', '["logs"]']);
});

test("computers that changed are fetched by themselves, unless others did too", async () => {
  const asked: string[] = [];
  server.fetch = async (request) => {
    asked.push(new URL(request.url).search);
    return Response.json({ items: [{ id: "b", name: "now" }] });
  };
  const key = computersQuery.queryKey;
  queries.setQueryData(key, [{ id: "a" }, { id: "b", name: "before" }, { id: "c" }] as never);
  FakeSocket.last.onopen?.();
  FakeSocket.last.say({ type: "changed", topics: ["computers"], computers: ["a", "b"] });
  vi.advanceTimersByTime(100);
  await vi.waitFor(() => expect(queries.getQueryData(key)).toEqual([{ id: "b", name: "now" }, { id: "c" }]));
  expect(asked).toEqual(["?id=a&id=b"]);
  expect(invalidated).toEqual(['["computers","one","a"]', '["computers","one","b"]']);
  invalidated.length = 0;
  FakeSocket.last.say({ type: "changed", topics: ["computers"], computers: ["a"] });
  FakeSocket.last.say({ type: "changed", topics: ["computers"] });
  vi.advanceTimersByTime(100);
  expect(invalidated).toEqual(['["computers"]', '["groups"]']);
  expect(asked).toHaveLength(1);
});

test("what is not understood does no harm", () => {
  FakeSocket.last.onopen?.();
  FakeSocket.last.onmessage?.({ data: "{" });
  FakeSocket.last.say({ type: "changed", topics: "sessions" });
  FakeSocket.last.say({ type: "other" });
  vi.advanceTimersByTime(100);
  expect(invalidated).toEqual([]);
});

test("connects again with growing waits and then fetches everything once", () => {
  FakeSocket.last.onopen?.();
  const waits: number[] = [];
  for (let n = 0; n < 7; n++) {
    const count = FakeSocket.all.length;
    FakeSocket.last.onclose?.();
    expect(live.getState()).toBe("lost");
    let waited = 0;
    for (; FakeSocket.all.length === count; waited += 500) vi.advanceTimersByTime(500);
    waits.push(waited);
  }
  expect(waits).toEqual([500, 1000, 2000, 4000, 8000, 15_000, 15_000]);
  invalidated.length = 0;
  FakeSocket.last.onopen?.();
  expect(live.getState()).toBe("open");
  expect(invalidated).toEqual(["all"]);
});

test("when the connection goes it asks whether the login has ended", () => {
  FakeSocket.last.onopen?.();
  FakeSocket.last.onclose?.();
  expect(invalidated).toEqual(['["me"]']);
});

test("a login that ended is known at once", () => {
  FakeSocket.last.say({ type: "login-ended" });
  expect(queries.getQueryData(meQuery.queryKey)).toBeNull();
});

test("tries at once when the network is back", () => {
  FakeSocket.last.onopen?.();
  const first = FakeSocket.last;
  window.dispatchEvent(new Event("offline"));
  expect(first.closed).toBe(true);
  expect(live.getState()).toBe("lost");
  window.dispatchEvent(new Event("online"));
  expect(FakeSocket.all).toHaveLength(2);
});

test("stops for good", () => {
  FakeSocket.last.onopen?.();
  live.stop();
  FakeSocket.last.onclose?.();
  vi.advanceTimersByTime(60_000);
  expect(FakeSocket.all).toHaveLength(1);
});

test("the events come from this host", () => {
  expect(eventsUrl()).toBe(`ws://${location.host}/api/events`);
});
