import { expect, test } from "vitest";
import { find, score } from "./match";

const things = [
  { name: "Remote Sessions" },
  { name: "Remote Computers" },
  { name: "Session Logs" },
  { name: "Connect to A. Martin", words: "RECEPTION-02 ticket 4711" },
  { name: "Connect to Jürgen Weißenfels", words: "BUCHHALTUNG-7" },
  { name: "Theme: Dark" },
];
const names = (search: string) => find(things, search).map((one) => one.name);

test.each([
  ["remote", ["Remote Sessions", "Remote Computers"]],
  ["session", ["Session Logs", "Remote Sessions"]], // at the beginning before elsewhere
  ["mart conn", ["Connect to A. Martin"]], // every word, in any order
  ["4711", ["Connect to A. Martin"]],
  ["jurgen", ["Connect to Jürgen Weißenfels"]],
  ["rcptn", []], // letters with gaps count in names only
  ["cmptrs", ["Remote Computers"]],
  ["sl", ["Session Logs"]],
  ["dark", ["Theme: Dark"]],
  ["nothing of that", []],
])("%j finds %j", (search, found) => {
  expect(names(search)).toEqual(found);
});

test("nothing typed leaves everything in its order", () => {
  expect(names("  ")).toEqual(things.map((one) => one.name));
  expect(score(things[0]!, "")).toBe(0);
});
