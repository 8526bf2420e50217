// What the protocol needs of Web Crypto. The Go twin is secure/keys.go.

/** A size of the protocol, bytes: of a nonce, a commitment, a public key and an AES key. */
export const keySize = 32;

/** This browser cannot speak the protocol. */
export class UnsupportedError extends Error {
  override name = "UnsupportedError";
  /** What is missing. */
  readonly missing: "secure-context" | "X25519" | "Ed25519";

  constructor(missing: UnsupportedError["missing"], options?: ErrorOptions) {
    super(sentences[missing], options);
    this.missing = missing;
  }
}

const newer = "Use Chrome or Edge 137, Firefox 130, Safari 17.4, or a newer one.";
const sentences = {
  "secure-context":
    "The page came without https, so the browser offers no encryption. Open it by https, or on this computer by http://localhost.",
  X25519: `This browser cannot agree on keys by X25519. ${newer}`,
  Ed25519: `This browser cannot check signatures by Ed25519. ${newer}`,
};

/** Makes an X25519 key pair; an UnsupportedError when the browser cannot. */
export async function generateKeyPair(): Promise<CryptoKeyPair> {
  if (globalThis.crypto?.subtle === undefined) throw new UnsupportedError("secure-context");
  try {
    return (await crypto.subtle.generateKey({ name: "X25519" }, false, ["deriveBits"])) as CryptoKeyPair;
  } catch (cause) {
    throw new UnsupportedError("X25519", { cause });
  }
}

/** Whether the key signed the message by Ed25519; an UnsupportedError when the browser cannot tell. */
export async function verify(key: Bytes, message: Bytes, signature: Bytes): Promise<boolean> {
  let imported: CryptoKey;
  try {
    imported = await crypto.subtle.importKey("raw", key, { name: "Ed25519" }, false, ["verify"]);
  } catch (cause) {
    if (cause instanceof DOMException && cause.name === "DataError") return false; // not a key
    throw new UnsupportedError("Ed25519", { cause });
  }
  return crypto.subtle.verify({ name: "Ed25519" }, imported, signature, message);
}

/** Bytes that Web Crypto takes: not shared with another thread. */
export type Bytes = Uint8Array<ArrayBuffer>;

const utf8 = new TextEncoder();

/** label ‖ 0 ‖ parts…: what is hashed or signed for one purpose can never pass for another purpose's. */
export function labelled(label: string, ...parts: Uint8Array[]): Bytes {
  return concat(utf8.encode(label), new Uint8Array(1), ...parts);
}

export function concat(...parts: Uint8Array[]): Bytes {
  const joined = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    joined.set(part, at);
    at += part.length;
  }
  return joined;
}

export async function sha256(bytes: Bytes): Promise<Bytes> {
  return new Uint8Array(await crypto.subtle.digest("SHA-256", bytes));
}

/** HKDF-Expand by SHA-256 of what deriveBits gives for secret and salt: bits by the purpose that info names. */
export async function hkdf(secret: Bytes, salt: Bytes): Promise<(info: string, bytes: number) => Promise<Bytes>> {
  const key = await crypto.subtle.importKey("raw", secret, "HKDF", false, ["deriveBits"]);
  return async (info, bytes) => {
    const algorithm = { name: "HKDF", hash: "SHA-256", salt, info: utf8.encode(info) };
    return new Uint8Array(await crypto.subtle.deriveBits(algorithm, key, bytes * 8));
  };
}
