// Writes screen updates for tests. The zstd stream has raw blocks only, which need no compressor.

export type Change =
  | { op: "copy"; x: number; y: number; w: number; h: number; sx: number; sy: number }
  | { op: "fill"; x: number; y: number; w: number; h: number; rgb: [number, number, number] }
  | { op: "pixels"; x: number; y: number; w: number; h: number; pixels: Uint8Array };

export interface UpdateOptions {
  id?: number;
  refresh?: boolean;
  version?: number;
  width: number;
  height: number;
  inflated?: number;
}

/** One stream of updates, as a client sends them. */
export class UpdateWriter {
  private fresh = true;

  update(options: UpdateOptions, changes: Change[]): Uint8Array {
    const body = inflated(changes);
    return this.message({ inflated: body.length, ...options }, body);
  }

  /** An update around any inflated bytes. */
  message(options: UpdateOptions, body: Uint8Array): Uint8Array {
    const { id = 1, refresh = false, version = 1, width, height } = options;
    if (refresh) this.fresh = true;
    const zstd = this.pack(body);
    const message = new Uint8Array(22 + zstd.length);
    const view = new DataView(message.buffer);
    view.setUint8(0, version);
    view.setUint8(1, refresh ? 1 : 0);
    view.setUint32(2, id);
    view.setUint16(14, width);
    view.setUint16(16, height);
    view.setUint32(18, options.inflated ?? body.length);
    message.set(zstd, 22);
    return message;
  }

  private pack(body: Uint8Array): Uint8Array {
    const out: number[] = [];
    if (this.fresh) out.push(0x28, 0xb5, 0x2f, 0xfd, 0x00, 0x68); // window 8 MiB
    this.fresh = false;
    for (let at = 0; at < body.length; at += 100_000) {
      const block = body.subarray(at, at + 100_000);
      out.push((block.length << 3) & 0xff, (block.length >> 5) & 0xff, block.length >> 13);
      for (const b of block) out.push(b);
    }
    return Uint8Array.from(out);
  }
}

/** What an update inflates to. */
export function inflated(changes: Change[]): Uint8Array {
  const out: number[] = [changes.length >> 8, changes.length & 0xff];
  const u16 = (...ns: number[]) => {
    for (const n of ns) out.push(n >> 8, n & 0xff);
  };
  for (const c of changes) {
    out.push({ copy: 1, fill: 2, pixels: 3 }[c.op]);
    u16(c.x, c.y, c.w, c.h);
    if (c.op === "copy") u16(c.sx, c.sy);
    if (c.op === "fill") out.push(...c.rgb);
  }
  const pixels = changes.filter((c) => c.op === "pixels").map((c) => c.pixels);
  const body = new Uint8Array(out.length + pixels.reduce((n, p) => n + p.length, 0));
  body.set(out);
  let at = out.length;
  for (const p of pixels) {
    body.set(p, at);
    at += p.length;
  }
  return body;
}
