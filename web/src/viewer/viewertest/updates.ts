// Writes screen updates for tests. The zstd stream has raw blocks only, which need no compressor.

interface Rect {
  x: number;
  y: number;
  w: number;
  h: number;
}

export type Change = Rect &
  (
    | { op: "copy"; sx: number; sy: number }
    | { op: "fill"; rgb: [number, number, number] }
    | { op: "pixels"; pixels: Uint8Array }
    | { op: "keep" | "recall"; slot: number }
    | { op: "video"; stream?: number; codec?: number; key?: boolean; data: Uint8Array; bytes?: number }
    | { op: "reveal" }
  );

export interface UpdateOptions {
  /** Given: a refresh. */
  width?: number;
  height?: number;
  /** Of a refresh or a restart. */
  id?: number;
  restart?: boolean;
  inflated?: number;
  packed?: number;
  attachments?: Uint8Array;
}

const ops = { copy: 1, fill: 2, pixels: 3, keep: 4, recall: 5, video: 6, reveal: 7 };

/** One stream of updates, as a client sends them. */
export class UpdateWriter {
  private fresh = true;

  update(options: UpdateOptions, changes: Change[]): Uint8Array {
    const attachments = joined(changes.map((c) => (c.op === "video" ? c.data : new Uint8Array())));
    return this.message({ attachments, ...options }, inflated(changes));
  }

  /** An update around any inflated bytes. */
  message(options: UpdateOptions, body: Uint8Array): Uint8Array {
    const { id = 1, width, height = 0, restart = false, attachments = new Uint8Array() } = options;
    const refresh = width !== undefined;
    const attached = attachments.length > 0 || options.packed !== undefined;
    if (refresh || restart) this.fresh = true;
    const zstd = this.pack(body);
    const head: number[] = [(refresh ? 1 : 0) | (restart ? 2 : 0) | (attached ? 4 : 0)];
    if (refresh || restart) head.push(id >>> 24, (id >> 16) & 255, (id >> 8) & 255, id & 255);
    head.push(...uvarint(33_333));
    if (refresh) head.push(width >> 8, width & 255, height >> 8, height & 255);
    head.push(...uvarint(options.inflated ?? body.length));
    if (attached) head.push(...uvarint(options.packed ?? zstd.length));
    return joined([Uint8Array.from(head), zstd, attachments]);
  }

  private pack(body: Uint8Array): Uint8Array {
    const out: Uint8Array[] = [];
    if (this.fresh) out.push(Uint8Array.of(0x28, 0xb5, 0x2f, 0xfd, 0x00, 0x68)); // window 8 MiB
    this.fresh = false;
    for (let at = 0; at < body.length; at += 100_000) {
      const block = body.subarray(at, at + 100_000);
      out.push(Uint8Array.of((block.length << 3) & 0xff, (block.length >> 5) & 0xff, block.length >> 13), block);
    }
    return joined(out);
  }
}

/** What an update inflates to. */
export function inflated(changes: Change[]): Uint8Array {
  const out: number[] = [];
  const u16 = (...ns: number[]) => {
    for (const n of ns) out.push(n >> 8, n & 0xff);
  };
  u16(changes.length);
  for (const c of changes) {
    out.push(ops[c.op]);
    u16(c.x, c.y, c.w, c.h);
    if (c.op === "copy") u16(c.sx, c.sy);
    if (c.op === "fill") out.push(...c.rgb);
    if (c.op === "keep" || c.op === "recall") u16(c.slot);
    if (c.op === "video") {
      const { stream = 0, codec = 1, key = false, data, bytes = data.length } = c;
      out.push(stream, codec, key ? 1 : 0);
      u16(bytes >>> 16, bytes & 0xffff);
    }
  }
  return joined([Uint8Array.from(out), ...changes.map((c) => (c.op === "pixels" ? c.pixels : new Uint8Array()))]);
}

export function uvarint(n: number): number[] {
  const out: number[] = [];
  for (; n >= 0x80; n = Math.floor(n / 128)) out.push((n % 128) | 0x80);
  return [...out, n];
}

function joined(parts: Uint8Array[]): Uint8Array {
  const all = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
  }
  return all;
}
