// @vitest-environment jsdom
import { afterEach, describe, expect, test } from "vitest";
import type { InputEvent } from "./events";
import { TextField, typed } from "./text";

function shown(groups: InputEvent[][]): string[] {
  return groups
    .flat()
    .map((e) => (e.kind === "text" ? e.text : e.kind === "key" ? `${e.down ? "+" : "-"}${e.key}` : e.kind));
}

test.each([
  ["plain", "é漢😀", ["é漢😀"]],
  [
    "lines and tabs become keys",
    "a\r\nb\tc\r",
    ["a", "+Enter", "-Enter", "b", "+Tab", "-Tab", "c", "+Enter", "-Enter"],
  ],
  ["control characters go", "a\u0000\u001bb\u0085", ["ab"]],
  ["half of a pair is replaced", "a\ud83d", ["a\ufffd"]],
  ["nothing", "", []],
])("%s", (_, text, wanted) => {
  expect(shown(typed(text))).toEqual(wanted);
});

test("a long text is cut between characters, under the limit", () => {
  const text = `a${"😀".repeat(3000)}`;
  const pieces = shown(typed(text));
  expect(pieces.join("")).toBe(text);
  for (const piece of pieces) {
    expect(Buffer.byteLength(piece)).toBeLessThanOrEqual(4096);
    expect(piece.isWellFormed()).toBe(true);
  }
});

describe("the field", () => {
  afterEach(() => document.body.replaceChildren());

  function setUp() {
    const canvas = document.createElement("canvas");
    document.body.append(canvas);
    const log: string[] = [];
    const field = new TextField(canvas, { text: (t) => log.push(t), erase: (n) => log.push(`erase ${n}`) });
    const insert = (text: string, isComposing = false) => {
      field.element.value += text;
      field.element.dispatchEvent(new InputEvent("input", { data: text, inputType: "insertText", isComposing }));
    };
    return { field, log, insert };
  }

  test("gives what is inserted, once", () => {
    const { log, insert } = setUp();
    insert("é漢😀");
    insert("b");
    expect(log).toEqual(["é漢😀", "b"]);
  });

  test("waits for the end of a composition", () => {
    const { field, log, insert } = setUp();
    field.element.dispatchEvent(new CompositionEvent("compositionstart"));
    insert("に", true);
    insert("ほん", true);
    expect(log).toEqual([]);
    field.element.dispatchEvent(new CompositionEvent("compositionend", { data: "にほん" }));
    field.element.dispatchEvent(new InputEvent("input", { inputType: "insertCompositionText" }));
    expect(log).toEqual(["にほん"]);
  });

  test("tells what was erased", () => {
    const { field, log } = setUp();
    field.element.value = field.element.value.slice(1);
    field.element.dispatchEvent(new InputEvent("input", { inputType: "deleteContentBackward" }));
    expect(log).toEqual(["erase 1"]);
  });

  test("takes no paste", () => {
    const { field } = setUp();
    const paste = new Event("paste", { cancelable: true });
    field.element.dispatchEvent(paste);
    expect(paste.defaultPrevented).toBe(true);
  });

  test("goes with its canvas", () => {
    const { field } = setUp();
    expect(document.querySelector("canvas + textarea")).toBe(field.element);
    field.dispose();
    expect(document.querySelector("textarea")).toBeNull();
  });
});
