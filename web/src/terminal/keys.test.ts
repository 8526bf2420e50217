import { expect, test } from "vitest";
import { controlled, pageKey, pastes } from "./keys";

const key = (code: string, key = "", held = "") => ({
  code,
  key,
  ctrlKey: held.includes("c"),
  shiftKey: held.includes("s"),
  altKey: held.includes("a"),
  metaKey: held.includes("m"),
});

test.each([
  ["copy", key("KeyC", "C", "cs")],
  ["copy", key("Insert", "Insert", "c")],
  ["search", key("KeyF", "F", "cs")],
  ["larger", key("BracketRight", "+", "c")],
  ["larger", key("Equal", "=", "c")],
  ["smaller", key("Minus", "-", "c")],
  ["normal", key("Digit0", "0", "c")],
  [undefined, key("KeyC", "c", "c")],
  [undefined, key("KeyF", "f", "c")],
  [undefined, key("Tab", "Tab")],
  [undefined, key("KeyF", "f", "csa")],
])("%s", (does, pressed) => {
  expect(pageKey(pressed)).toBe(does);
});

test("the browser pastes with Ctrl+Shift+V, Shift+Insert and Command+V; Ctrl+V is the shell's", () => {
  expect([key("KeyV", "V", "cs"), key("Insert", "", "s"), key("KeyV", "v", "m")].every(pastes)).toBe(true);
  expect([key("KeyV", "v", "c"), key("Insert", "", "c"), key("KeyV", "v")].some(pastes)).toBe(false);
});

test.each([
  ["c", "\x03"],
  ["C", "\x03"],
  ["[", "\x1b"],
  [" ", "\0"],
  ["é", "é"],
  ["ls", "ls"],
])("Ctrl and %j", (typed, sent) => {
  expect(controlled(typed)).toBe(sent);
});
