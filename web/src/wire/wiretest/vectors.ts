// The vectors that Go and TypeScript both replay.

import { readFileSync } from "node:fs";
import type { Bytes } from "../crypto";
import { ViewerExchange } from "../exchange";

const root = new URL("../../../../", import.meta.url);

export function readText(path: string): string {
  return readFileSync(new URL(path, root), "utf8");
}

export function readVectors<T>(name: string): T {
  return JSON.parse(readText(`wire/testdata/${name}.json`));
}

export function unhex(hex: string): Bytes {
  return Uint8Array.from(hex.match(/../g) ?? [], (byte) => Number.parseInt(byte, 16));
}

export function hex(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}

export interface ExchangeVector {
  name: string;
  clientNonce: string;
  viewerPrivate: string;
  viewerNonce: string;
  commitment: string;
  clientPublic: string;
  viewerPublic: string;
  computerPublic: string;
  clientSignature: string;
  clientToViewerKey: string;
  clientToViewerIv: string;
  viewerToClientKey: string;
  viewerToClientIv: string;
  matchingWords: string;
  words: Record<string, [string, string]>;
}

export interface SecureVectors {
  exchanges: ExchangeVector[];
  sealed: { from: string; sequence: number; channel: number; last: boolean; data: string; frame: string }[];
}

// The head of an X25519 private key in PKCS #8 (RFC 8410).
const pkcs8 = unhex("302e020100300506032b656e04220420");

/** The viewer's half of a vector's exchange. */
export async function viewerOf(v: ExchangeVector): Promise<ViewerExchange> {
  const key = new Uint8Array([...pkcs8, ...unhex(v.viewerPrivate)]);
  const imported = await crypto.subtle.importKey("pkcs8", key, { name: "X25519" }, false, ["deriveBits"]);
  return ViewerExchange.with(imported, unhex(v.viewerPublic), unhex(v.viewerNonce));
}

/** What the client of a vector sends. */
export function clientKeyOf(v: ExchangeVector) {
  return { publicKey: unhex(v.clientPublic), nonce: unhex(v.clientNonce), signature: unhex(v.clientSignature) };
}
