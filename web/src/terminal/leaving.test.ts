import { expect, test } from "vitest";
import { Leaving } from "./leaving";

const event = (type: string, key: string, held: string) => ({
  type,
  key,
  ctrlKey: held.includes("c"),
  altKey: held.includes("a"),
  shiftKey: held.includes("s"),
});

test("the three modifiers alone lead out, once", () => {
  const leaving = new Leaving();
  expect(leaving.take(event("keydown", "Control", "c"))).toBe(false);
  expect(leaving.take(event("keydown", "Alt", "ca"))).toBe(false);
  expect(leaving.take(event("keydown", "Shift", "cas"))).toBe(false);
  expect(leaving.take(event("keyup", "Shift", "ca"))).toBe(true);
  expect(leaving.take(event("keyup", "Alt", "c"))).toBe(false);
});

test("with another key they are that key’s", () => {
  const leaving = new Leaving();
  leaving.take(event("keydown", "Shift", "cas"));
  leaving.take(event("keydown", "ArrowUp", "cas"));
  expect(leaving.take(event("keyup", "ArrowUp", "cas"))).toBe(false);
  expect(leaving.take(event("keyup", "Shift", "ca"))).toBe(false);
});
