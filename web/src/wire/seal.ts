// Sealed frames: docs/protocol.md, "Sealed frame". The Go twin is secure/seal.go; both replay wire/testdata/secure.json.

import type { Bytes } from "./crypto";
import type { DirectionKeys } from "./exchange";
import { encodeFrame, frameType, maxRelay } from "./frame";
import { LinkError } from "./reason";

const partHeader = 2; // channel and flags
const tagSize = 16;
const overhead = partHeader + tagSize;
const flagLast = 1;

/** The most bytes of data in one part. */
export const maxPart = maxRelay - overhead;

/** The plaintext of a sealed frame. */
export interface Part {
  readonly channel: number;
  /** The message ends with it. */
  readonly last: boolean;
  readonly data: Bytes;
}

/** The keys of one direction and its counter. */
export class Direction {
  private readonly key: CryptoKey;
  private readonly iv: Bytes;
  private sequence: bigint;

  private constructor(key: CryptoKey, iv: Bytes, sequence: bigint) {
    this.key = key;
    this.iv = iv;
    this.sequence = sequence;
  }

  /** sequence: of the next frame; a test may begin in the middle. */
  static async create(keys: DirectionKeys, use: "encrypt" | "decrypt", sequence = 0n): Promise<Direction> {
    const key = await crypto.subtle.importKey("raw", keys.key, "AES-GCM", false, [use]);
    return new Direction(key, keys.iv, sequence);
  }

  /** Seals the next part; it has its place in the order when the call is made, not when it ends. */
  async seal({ channel, last, data }: Part): Promise<Bytes> {
    const parameters = this.next();
    const plain = new Uint8Array(partHeader + data.length);
    plain[0] = channel;
    plain[1] = last ? flagLast : 0;
    plain.set(data, partHeader);
    const sealed = await crypto.subtle.encrypt(parameters, this.key, plain);
    return encodeFrame(frameType.sealed, new Uint8Array(sealed));
  }

  /**
   * Opens the payload of the next sealed frame. Any number of calls may be under way; whoever makes them keeps their order. Throws a
   * LinkError.
   */
  async open(payload: Bytes): Promise<Part> {
    if (payload.length < overhead) throw new LinkError("protocol", `a sealed frame of ${payload.length} bytes`);
    const first = this.sequence === 0n;
    const parameters = this.next();
    let plain: Bytes;
    try {
      plain = new Uint8Array(await crypto.subtle.decrypt(parameters, this.key, payload));
    } catch (cause) {
      if (first) throw new LinkError("bad-key", "the two sides do not have the same keys", { cause });
      throw new LinkError("protocol", "a sealed frame is not the other side's next one", { cause });
    }
    return { channel: plain[0]!, last: (plain[1]! & flagLast) !== 0, data: plain.subarray(partHeader) };
  }

  private next(): AesGcmParams {
    const iv = this.iv.slice();
    const view = new DataView(iv.buffer, 4);
    view.setBigUint64(0, view.getBigUint64(0) ^ this.sequence++);
    return { name: "AES-GCM", iv };
  }
}
