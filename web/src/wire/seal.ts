// Sealed frames: docs/protocol.md, "Sealed frame". The Go twin is secure/seal.go; both replay wire/testdata/secure.json.

import type { Bytes } from "./crypto";
import type { DirectionKeys } from "./exchange";
import { encodeFrame, frameType, maxRelay } from "./frame";
import { LinkError } from "./reason";

const sequenceSize = 8;
const partHeader = 2; // channel and flags
const tagSize = 16;
const overhead = sequenceSize + partHeader + tagSize;
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
    const { parameters, sequence } = this.next();
    const plain = new Uint8Array(partHeader + data.length);
    plain[0] = channel;
    plain[1] = last ? flagLast : 0;
    plain.set(data, partHeader);
    const sealed = await crypto.subtle.encrypt(parameters, this.key, plain);
    return encodeFrame(frameType.sealed, sequence, new Uint8Array(sealed));
  }

  /**
   * Opens the payload of the next sealed frame. A wrong number rejects at once; any number of calls may be under way, and
   * whoever makes them keeps their order. Throws a LinkError.
   */
  async open(payload: Bytes): Promise<Part> {
    if (payload.length < overhead) throw new LinkError("protocol", `a sealed frame of ${payload.length} bytes`);
    const first = this.sequence === 0n;
    const { parameters, sequence } = this.next();
    for (let i = 0; i < sequenceSize; i++) {
      if (payload[i] !== sequence[i]) throw new LinkError("protocol", "a sealed frame is not the next one");
    }
    let plain: Bytes;
    try {
      plain = new Uint8Array(await crypto.subtle.decrypt(parameters, this.key, payload.subarray(sequenceSize)));
    } catch (cause) {
      if (first) throw new LinkError("bad-key", "the two sides do not have the same keys", { cause });
      throw new LinkError("protocol", "a sealed frame is not the other side's", { cause });
    }
    return { channel: plain[0]!, last: (plain[1]! & flagLast) !== 0, data: plain.subarray(partHeader) };
  }

  private next(): { parameters: AesGcmParams; sequence: Bytes } {
    const sequence = new Uint8Array(sequenceSize);
    new DataView(sequence.buffer).setBigUint64(0, this.sequence++);
    const iv = this.iv.slice();
    for (let i = 0; i < sequenceSize; i++) iv[i + 4]! ^= sequence[i]!;
    return { parameters: { name: "AES-GCM", iv, additionalData: sequence }, sequence };
  }
}
