import { expect, test } from "vitest";
import { steady } from "./use-steady";

interface Row {
  id: string;
  state: string;
  line?: number;
}
const id = (row: Row) => row.id;
const merge = (shown: Row, next: Row) => ({ ...next, line: shown.line });
const row = (name: string, state = "ready", line?: number): Row => ({ id: name, state, line });

test("a row that is gone keeps its place, what is new comes last", () => {
  const { rows, gone } = steady([row("a"), row("b"), row("c")], [row("x"), row("a"), row("c")], id, merge);
  expect(rows.map(id)).toEqual(["a", "b", "c", "x"]);
  expect([...gone]).toEqual(["b"]);
});

test("a row shows its new state but keeps its height", () => {
  const { rows } = steady([row("a", "ready", 1)], [row("a", "connected", 4)], id, merge);
  expect(rows).toEqual([row("a", "connected", 1)]);
});

test("a row that comes back is no longer gone", () => {
  const first = steady([row("a"), row("b")], [row("b")], id, merge);
  const second = steady(first.rows, [row("b"), row("a")], id, merge);
  expect(second.rows.map(id)).toEqual(["a", "b"]);
  expect(second.gone.size).toBe(0);
});
