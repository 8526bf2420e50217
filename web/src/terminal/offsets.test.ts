import { expect, test } from "vitest";
import { Offsets } from "./offsets";

const bytes = (text: string) => new TextEncoder().encode(text);
const text = (data: Uint8Array) => new TextDecoder().decode(data);

test("what comes again is not shown again", () => {
  const offsets = new Offsets();
  const take = (at: number, data: string) => {
    const { data: fresh, gap } = offsets.take(BigInt(at), bytes(data));
    return [text(fresh), gap];
  };
  expect(take(0, "hello ")).toEqual(["hello ", false]);
  expect(take(0, "hello ")).toEqual(["", false]);
  expect(take(3, "lo wor")).toEqual(["wor", false]);
  expect(take(9, "ld")).toEqual(["ld", false]);
  expect(offsets.received).toBe(11n);
});

test("what is missing is told", () => {
  const offsets = new Offsets();
  offsets.take(0n, bytes("abc"));
  expect(offsets.take(10n, bytes("xyz"))).toEqual({ data: bytes("xyz"), gap: true });
  expect(offsets.received).toBe(13n);
  expect(offsets.take(5n, bytes("old")).data).toHaveLength(0);
});

test("pieces cut and repeated at random join to the same text", () => {
  const all = bytes(Array.from({ length: 500 }, (_, i) => `${i}\n`).join(""));
  let seed = 7;
  const random = (below: number) => {
    seed = (seed * 48271) % 2147483647;
    return seed % below;
  };
  for (let round = 0; round < 200; round++) {
    const offsets = new Offsets();
    const shown: Uint8Array[] = [];
    while (offsets.received < BigInt(all.length)) {
      const at = Math.max(0, Number(offsets.received) - random(60)); // a reattached link begins a little earlier
      const { data, gap } = offsets.take(BigInt(at), all.slice(at, at + 1 + random(100)));
      if (gap) throw new Error("a gap");
      shown.push(data);
    }
    expect(Buffer.concat(shown).equals(all)).toBe(true);
  }
});
