/** Follows a shell's output by its offsets, so that no byte is shown twice and a missing one is known. */
export class Offsets {
  /** Up to where the output has come. */
  received = 0n;

  /** The part of a piece that has not come yet; gap: some is missing before it. */
  take(offset: bigint, data: Uint8Array<ArrayBuffer>): { data: Uint8Array<ArrayBuffer>; gap: boolean } {
    const end = offset + BigInt(data.length);
    const gap = offset > this.received;
    if (end <= this.received) return { data: data.subarray(data.length), gap: false };
    const known = gap ? 0 : Number(this.received - offset);
    this.received = end;
    return { data: data.subarray(known), gap };
  }
}
