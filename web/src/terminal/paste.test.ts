import { expect, test } from "vitest";
import { cleanPaste, linesOf, longestPaste, needsLook } from "./paste";

test.each([
  ["ls -la", "ls -la"],
  ["a\tb", "a\tb"],
  ["one\r\ntwo\rthree\n", "one\ntwo\nthree\n"],
  ["safe\x1b[201~; rm -rf ~", "safe[201~; rm -rf ~"],
  ["\x03\x04\x00\x9b2J", "2J"],
  ["Grüße 漢 🎉", "Grüße 漢 🎉"],
  ["\ud83c", "\ufffd"],
])("%j is pasted as %j", (text, pasted) => {
  expect(cleanPaste(text)).toBe(pasted);
});

test("is cut", () => {
  expect(cleanPaste("x".repeat(longestPaste + 5))).toHaveLength(longestPaste);
});

test.each([
  ["", 0, false],
  ["ls", 1, false],
  ["ls\n", 1, true],
  ["cd /\nls", 2, true],
  ["\n\n", 2, true],
])("%j has %i lines to look at: %s", (text, lines, look) => {
  expect(linesOf(text)).toBe(lines);
  expect(needsLook(text)).toBe(look);
});
