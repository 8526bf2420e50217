import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { encode, type InputEvent } from "./events";

interface Vectors {
  valid: { name: string; events: InputEvent[]; hex: string }[];
}

const vectors: Vectors = JSON.parse(
  readFileSync(new URL("../../../../wire/testdata/input.json", import.meta.url), "utf8"),
);

test.each(vectors.valid)("$name", ({ events, hex }) => {
  expect(Buffer.from(encode(events)).toString("hex")).toBe(hex);
});
