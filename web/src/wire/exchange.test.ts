import { describe, expect, test } from "vitest";
import { generateKeyPair, UnsupportedError, verify } from "./crypto";
import { ViewerExchange } from "./exchange";
import { Direction } from "./seal";
import {
  clientKeyOf,
  type ExchangeVector,
  hex,
  readText,
  readVectors,
  type SecureVectors,
  unhex,
  viewerOf,
} from "./wiretest/vectors";
import { matchingWords, wordLanguage } from "./words";

const vectors = readVectors<SecureVectors>("secure");
const attended = vectors.exchanges[0]!;
const unattended = vectors.exchanges[1]!;
const badKey = expect.objectContaining({ reason: "bad-key" });

describe("exchange", () => {
  test.each(vectors.exchanges)("$name", async (v) => {
    const exchange = await viewerOf(v);
    expect(hex(exchange.commitment)).toBe(v.commitment);
    const { keys, reveal } = await exchange.finish(
      clientKeyOf(v),
      v.computerPublic ? unhex(v.computerPublic) : undefined,
    );
    expect(hex(reveal.publicKey)).toBe(v.viewerPublic);
    expect(hex(reveal.nonce)).toBe(v.viewerNonce);
    expect(hex(keys.clientToViewer.key)).toBe(v.clientToViewerKey);
    expect(hex(keys.clientToViewer.iv)).toBe(v.clientToViewerIv);
    expect(hex(keys.viewerToClient.key)).toBe(v.viewerToClientKey);
    expect(hex(keys.viewerToClient.iv)).toBe(v.viewerToClientIv);
    expect(keys.wordBits).toBe(Number.parseInt(v.matchingWords, 16));
    for (const [language, words] of Object.entries(v.words)) {
      expect(await matchingWords(keys.wordBits, language)).toEqual(words);
    }
  });

  test("of two browsers differ, and their private keys stay inside", async () => {
    const [a, b] = [await ViewerExchange.create(), await ViewerExchange.create()];
    expect(hex(a.commitment)).not.toBe(hex(b.commitment));
    const { privateKey } = await generateKeyPair();
    await expect(crypto.subtle.exportKey("pkcs8", privateKey)).rejects.toThrow();
  });

  test("serves once", async () => {
    const exchange = await viewerOf(attended);
    await exchange.finish(clientKeyOf(attended));
    await expect(exchange.finish(clientKeyOf(attended))).rejects.toMatchObject({ reason: "internal" });
  });

  const flipped = (bytes: Uint8Array) => Uint8Array.from(bytes, (byte, i) => (i === 0 ? byte ^ 1 : byte));
  const key = clientKeyOf(unattended);
  test.each([
    ["unsigned", { ...key, signature: new Uint8Array() }],
    ["signature changed", { ...key, signature: flipped(key.signature) }],
    ["key swapped", { ...key, publicKey: unhex(attended.clientPublic) }],
    ["nonce swapped", { ...key, nonce: unhex(attended.clientNonce) }],
  ])("unattended, refused: %s", async (_, changed) => {
    const exchange = await viewerOf(unattended);
    await expect(exchange.finish(changed, unhex(unattended.computerPublic))).rejects.toEqual(badKey);
  });

  test("unattended, refused: another computer, or a key that is none", async () => {
    for (const computer of [attended.clientPublic, "00", ""]) {
      const exchange = await viewerOf(unattended);
      await expect(exchange.finish(key, unhex(computer))).rejects.toEqual(badKey);
    }
  });

  const short = (v: ExchangeVector) => ({ ...clientKeyOf(v), publicKey: unhex(v.clientPublic).subarray(1) });
  test.each([
    ["zeros", { ...clientKeyOf(attended), publicKey: new Uint8Array(32) }],
    [
      "low order",
      { ...clientKeyOf(attended), publicKey: Uint8Array.from({ length: 32 }, (_, i) => (i === 0 ? 1 : 0)) },
    ],
    ["short", short(attended)],
    ["none", { ...clientKeyOf(attended), publicKey: new Uint8Array() }],
    ["short nonce", { ...clientKeyOf(attended), nonce: new Uint8Array(31) }],
  ])("a key that is none: %s", async (_, changed) => {
    await expect((await viewerOf(attended)).finish(changed)).rejects.toEqual(badKey);
  });
});

const { keys } = await (await viewerOf(attended)).finish(clientKeyOf(attended));

describe("sealed frames", () => {
  const direction = (from: string) => (from === "client" ? keys.clientToViewer : keys.viewerToClient);

  test.each(vectors.sealed)("$from $sequence", async ({ from, sequence, channel, last, data, frame }) => {
    const sealer = await Direction.create(direction(from), "encrypt", BigInt(sequence));
    expect(hex(await sealer.seal({ channel, last, data: unhex(data) }))).toBe(frame);
    const opener = await Direction.create(direction(from), "decrypt", BigInt(sequence));
    const part = await opener.open(unhex(frame).subarray(4));
    expect({ ...part, data: hex(part.data) }).toEqual({ channel, last, data });
  });
});

test("a browser that lacks something says what", async () => {
  const subtle = Object.getOwnPropertyDescriptor(Object.getPrototypeOf(crypto), "subtle")!;
  const without = async (fake: unknown, run: () => Promise<unknown>) => {
    Object.defineProperty(crypto, "subtle", { configurable: true, get: () => fake });
    try {
      return await run().catch((error: unknown) => error);
    } finally {
      Object.defineProperty(crypto, "subtle", subtle);
    }
  };
  const unknown = () => Promise.reject(new DOMException("Unrecognized name.", "NotSupportedError"));
  const insecure = await without(undefined, generateKeyPair);
  expect(insecure).toBeInstanceOf(UnsupportedError);
  expect(insecure).toMatchObject({ missing: "secure-context", message: expect.stringContaining("https") });
  const old = await without({ generateKey: unknown }, generateKeyPair);
  expect(old).toMatchObject({ missing: "X25519", message: expect.stringContaining("Firefox 130") });
  const b = new Uint8Array(32);
  expect(await without({ importKey: unknown }, () => verify(b, b, b))).toMatchObject({ missing: "Ed25519" });
});

describe("words", () => {
  test.each(["en", "es", "fr", "it", "pt"])("%s is Go's list", async (language) => {
    const [, ...list] = readText(`secure/words/${language}.txt`).trim().split("\n");
    expect(list).toHaveLength(2048);
    for (const i of [0, 1, 1023, 1024, 2046, 2047]) {
      expect(await matchingWords(((i << 21) | (i << 10) | 1023) >>> 0, language)).toEqual([list[i], list[i]]);
    }
  });

  test("languages", () => {
    expect(["de-AT", "pt-BR", "FR", "es_MX", "", "constructor"].map(wordLanguage)).toEqual([
      "en",
      "pt",
      "fr",
      "es",
      "en",
      "en",
    ]);
  });
});
