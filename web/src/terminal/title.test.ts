import { expect, test } from "vitest";
import { cleanTitle } from "./title";

test.each([
  ["rodney@till-3: ~/src", "rodney@till-3: ~/src"],
  ["Grüße — 漢字 🎉", "Grüße — 漢字 🎉"],
  ["  two\r\nlines\x07 ", "two lines"],
  ["\u202egnp.exe\u2066", "gnp.exe"],
  ["a\u200b\u200db", "a b"],
  ["\x1b]0;again\x07", "]0;again"],
  ["\u0000\u0085", ""],
  ["<img src=x onerror=alert(1)>", "<img src=x onerror=alert(1)>"], // shown as the text that it is
])("%j becomes %j", (title, shown) => {
  expect(cleanTitle(title)).toBe(shown);
});

test("is cut between letters", () => {
  expect(cleanTitle("x".repeat(100))).toBe(`${"x".repeat(79)}…`);
  const shown = cleanTitle("🎉".repeat(100));
  expect([...shown]).toHaveLength(80);
  expect(shown.isWellFormed()).toBe(true);
  expect(cleanTitle("x".repeat(10_000_000))).toHaveLength(80);
});
