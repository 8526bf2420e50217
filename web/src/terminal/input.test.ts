import { expect, test } from "vitest";
import { InputQueue } from "./input";

function setUp() {
  const sent: Uint8Array[] = [];
  const queue = new InputQueue((message) => void sent.push(message));
  return { queue, sent, bytes: () => sent.reduce((sum, one) => sum + one.length, 0) };
}

test("a key goes at once", () => {
  const { queue, sent } = setUp();
  queue.add(new Uint8Array([97]));
  queue.add(new Uint8Array());
  expect(sent).toEqual([new Uint8Array([97])]);
});

test("a large paste goes as the shell takes it, whole and in order", () => {
  const { queue, sent, bytes } = setUp();
  const paste = Uint8Array.from({ length: 300_000 }, (_, i) => i % 251);
  queue.add(paste);
  expect(bytes()).toBe(64 << 10);
  for (let taken = 0; taken < paste.length; taken += 10_000) queue.took(BigInt(taken));
  queue.took(300_000n);
  expect(Buffer.concat(sent).equals(paste)).toBe(true);
  expect(Math.max(...sent.map((one) => one.length))).toBe(8 << 10);
});

test("Ctrl-C overtakes what waits and takes it away", () => {
  const { queue, sent, bytes } = setUp();
  queue.add(new Uint8Array(200_000));
  queue.add(new Uint8Array([3]));
  expect(sent.at(-1)).toEqual(new Uint8Array([3]));
  queue.took(BigInt(bytes()));
  expect(bytes()).toBe((64 << 10) + 1);
});

test("what no one types is not kept", () => {
  const { queue, bytes } = setUp();
  queue.add(new Uint8Array(5 << 20));
  expect(bytes()).toBe(0);
});
