// The viewer's half of the key exchange: docs/protocol.md, "Key exchange". The Go twin is secure/exchange.go; both replay
// wire/testdata/secure.json.

import { type Bytes, generateKeyPair, hkdf, keySize, labelled, sha256, verify } from "./crypto";
import type { ClientKey, Reveal } from "./deskhand_pb";
import { LinkError } from "./reason";

/** The keys of one direction. */
export interface DirectionKeys {
  readonly key: Bytes;
  readonly iv: Bytes;
}

/** What both sides derive from one exchange. They serve one Link. */
export interface Keys {
  readonly clientToViewer: DirectionKeys;
  readonly viewerToClient: DirectionKeys;
  /** For matchingWords. */
  readonly wordBits: number;
}

export class ViewerExchange {
  /** Goes to the server with the wish to connect. */
  readonly commitment: Bytes;
  private readonly publicKey: Bytes;
  private readonly nonce: Bytes;
  private privateKey: CryptoKey | undefined;

  private constructor(privateKey: CryptoKey, publicKey: Bytes, nonce: Bytes, commitment: Bytes) {
    this.privateKey = privateKey;
    this.publicKey = publicKey;
    this.nonce = nonce;
    this.commitment = commitment;
  }

  /** Begins an exchange. Throws an UnsupportedError when this browser cannot. */
  static async create(): Promise<ViewerExchange> {
    const { privateKey, publicKey } = await generateKeyPair();
    const raw = new Uint8Array(await crypto.subtle.exportKey("raw", publicKey));
    return ViewerExchange.with(privateKey, raw, crypto.getRandomValues(new Uint8Array(keySize)));
  }

  /** Begins one with given keys, as a test does. */
  static async with(privateKey: CryptoKey, publicKey: Bytes, nonce: Bytes): Promise<ViewerExchange> {
    const commitment = await sha256(labelled("deskhand commitment v1", publicKey, nonce));
    return new ViewerExchange(privateKey, publicKey, nonce, commitment);
  }

  /**
   * Takes the client's key and gives the keys, and what reveals this side's key to the client. It serves once: a relay has
   * one try at the words. computerKey: the enrolled Ed25519 key of the computer that must be there; undefined: an attended
   * session. Throws a LinkError with "bad-key".
   */
  async finish(
    client: Pick<ClientKey, "publicKey" | "nonce" | "signature">,
    computerKey?: Bytes,
  ): Promise<{ keys: Keys; reveal: Pick<Reveal, "publicKey" | "nonce"> }> {
    const { privateKey, commitment } = this;
    this.privateKey = undefined;
    if (privateKey === undefined) throw new LinkError("internal", "the exchange has been used");
    // Copies: what protobuf decodes may be views.
    const [publicKey, nonce, signature] = [client.publicKey, client.nonce, client.signature].map(
      (b) => new Uint8Array(b),
    ) as [Bytes, Bytes, Bytes];
    if (publicKey.length !== keySize || nonce.length !== keySize) {
      throw new LinkError("bad-key", "the client's key or nonce has a wrong size");
    }
    if (computerKey !== undefined) {
      const signed = labelled("deskhand client key v1", commitment, publicKey, nonce);
      if (!(await verify(computerKey, signed, signature))) {
        throw new LinkError("bad-key", "the client's key is not signed by the computer");
      }
    }
    const shared = await agree(privateKey, publicKey);
    const transcript = labelled("deskhand session v1", commitment, publicKey, nonce, this.publicKey, this.nonce);
    const keys = await derive(shared, await sha256(transcript));
    return { keys, reveal: { publicKey: this.publicKey, nonce: this.nonce } };
  }
}

/** X25519. A result of zeros, which a key of low order leads to, is refused. */
async function agree(privateKey: CryptoKey, other: Bytes): Promise<Bytes> {
  let shared: Bytes;
  try {
    const key = await crypto.subtle.importKey("raw", other, { name: "X25519" }, false, []);
    shared = new Uint8Array(await crypto.subtle.deriveBits({ name: "X25519", public: key }, privateKey, keySize * 8));
  } catch (cause) {
    throw new LinkError("bad-key", "the client's key leads to no shared secret", { cause });
  }
  if (shared.every((byte) => byte === 0)) throw new LinkError("bad-key", "the client's key leads to no shared secret");
  return shared;
}

async function derive(shared: Bytes, salt: Bytes): Promise<Keys> {
  const expand = await hkdf(shared, salt);
  const [toViewer, toClient, toViewerIv, toClientIv, words] = await Promise.all([
    expand("client to viewer key", keySize),
    expand("viewer to client key", keySize),
    expand("client to viewer iv", 12),
    expand("viewer to client iv", 12),
    expand("matching words", 4),
  ]);
  return {
    clientToViewer: { key: toViewer, iv: toViewerIv },
    viewerToClient: { key: toClient, iv: toClientIv },
    wordBits: new DataView(words.buffer).getUint32(0),
  };
}
