// Zstandard in WebAssembly: one module per worker, one stream per refresh (docs/protocol.md, "Screen update").
// The module's memory also holds the picture, so that pixels move inside one memory and nothing is allocated per update.

import { ProtocolError } from "./protocol_error";

/** What the module in npm package zstddec ("streaming") exports. Pointers and sizes are 32 bits. */
export interface ZstdExports {
  readonly memory: WebAssembly.Memory;
  malloc(size: number): number;
  free(ptr: number): void;
  ZSTD_createDCtx(): number;
  ZSTD_freeDCtx(ctx: number): number;
  ZSTD_decompressStream(ctx: number, output: number, input: number): number;
}

/** The window that a stream may ask for, in bytes. */
const maxWindow = 8 << 20;

/** Bytes of a zstd block's header. */
const blockHeader = 3;

/** Heap is the module's memory. Its views are replaced when the memory grows: never keep them across an `alloc`. */
export class Heap {
  u8!: Uint8Array<ArrayBuffer>;
  u32!: Uint32Array<ArrayBuffer>;
  readonly exports: ZstdExports;

  private constructor(instance: WebAssembly.Instance) {
    this.exports = instance.exports as unknown as ZstdExports;
    this.view();
  }

  /** Compiles nothing itself: takes the module, so that a test brings it from a file and the worker from a URL. */
  static async create(module: WebAssembly.Module): Promise<Heap> {
    let heap: Heap | undefined;
    const imports = { env: { emscripten_notify_memory_growth: () => heap?.view() } };
    heap = new Heap(await WebAssembly.instantiate(module, imports));
    return heap;
  }

  /** Memory of at least size bytes, aligned to 8. Throws when the module has no more. */
  alloc(size: number): number {
    const ptr = this.exports.malloc(size) >>> 0;
    if (ptr === 0) throw new RangeError(`allocate ${size} bytes: no memory`);
    return ptr;
  }

  free(ptr: number): void {
    if (ptr !== 0) this.exports.free(ptr);
  }

  private view(): void {
    const buffer = this.exports.memory.buffer as ArrayBuffer;
    this.u8 = new Uint8Array(buffer);
    this.u32 = new Uint32Array(buffer);
  }
}

/** Block is a piece of the heap that grows and is used again. */
export class Block {
  ptr = 0;
  private size = 0;
  private readonly heap: Heap;

  constructor(heap: Heap) {
    this.heap = heap;
  }

  /** Makes room for size bytes; what was in it is lost. */
  reserve(size: number): number {
    if (size > this.size) {
      this.release();
      const room = Math.max(size, 64 << 10);
      this.ptr = this.heap.alloc(room);
      this.size = room;
    }
    return this.ptr;
  }

  release(): void {
    this.heap.free(this.ptr);
    this.ptr = 0;
    this.size = 0;
  }
}

/** The window in bytes that a zstd frame header asks for (RFC 8878, section 3.1.1.1). */
export function windowSize(b: Uint8Array): number {
  if (b.length < 6 || b[0] !== 0x28 || b[1] !== 0xb5 || b[2] !== 0x2f || b[3] !== 0xfd)
    throw new ProtocolError("not a zstd frame");
  const descriptor = b[4]!;
  if ((descriptor & 0x20) === 0) {
    const base = 2 ** (10 + (b[5]! >> 3));
    return base + (base / 8) * (b[5]! & 7);
  }
  const dictionary = [0, 1, 2, 4][descriptor & 3]!;
  const length = [1, 2, 4, 8][descriptor >> 6]!;
  const at = 5 + dictionary;
  if (b.length < at + length) throw new ProtocolError("zstd frame header is cut off");
  let size = 0;
  for (let i = length - 1; i >= 0; i--) size = size * 256 + b[at + i]!;
  return length === 2 ? size + 256 : size;
}

/** ZstdStream inflates the parts of one zstd stream, which is flushed after each part. */
export class ZstdStream {
  private readonly heap: Heap;
  private ctx = 0;
  private readonly input: Block;
  private readonly output: Block;
  private readonly buffers: number; // ZSTD_inBuffer and ZSTD_outBuffer: pointer, size, position
  private state: "closed" | "new" | "open" = "closed";

  constructor(heap: Heap) {
    this.heap = heap;
    this.input = new Block(heap);
    this.output = new Block(heap);
    this.buffers = heap.alloc(24);
  }

  /** Begins a new stream; the old one is forgotten. */
  restart(): void {
    this.forget();
    this.ctx = this.heap.exports.ZSTD_createDCtx() >>> 0;
    if (this.ctx === 0) throw new RangeError("open a zstd stream: no memory");
    this.state = "new";
  }

  /**
   * Inflates the next part, which must give exactly size bytes, and returns where in the heap they are. They stay until
   * the next call.
   */
  inflate(packed: Uint8Array, size: number): number {
    if (this.state === "closed") throw new ProtocolError("no zstd stream is open");
    if (this.state === "new") {
      if (windowSize(packed) > maxWindow) throw new ProtocolError("zstd window is too large");
      this.state = "open";
    }
    const src = this.input.reserve(packed.length);
    const dst = this.output.reserve(size + 1); // one more shows that there is too much
    this.heap.u8.set(packed, src);
    const input = this.buffers >>> 2;
    const output = input + 3;
    this.point(input, src, packed.length);
    this.point(output, dst, size + 1);
    let left: number;
    do {
      const before = this.heap.u32[input + 2]! + this.heap.u32[output + 2]!;
      left = this.heap.exports.ZSTD_decompressStream(this.ctx, this.buffers + 12, this.buffers);
      if (left < 0 && left > -200) throw new ProtocolError(`inflate: zstd error ${-left}`);
      if (left === 0) this.state = "closed"; // the sender ended the stream: only a refresh begins another one
      const { u32 } = this.heap;
      if (u32[output + 2]! > size) throw new ProtocolError("inflates to more than it says");
      if (u32[input + 2]! + u32[output + 2]! === before) break;
      if (left === 0 && u32[input + 2]! < packed.length)
        throw new ProtocolError("bytes after the end of the zstd stream");
    } while (this.heap.u32[input + 2]! < packed.length);
    // What the decoder asks for next: between two blocks, a block's header. Else it keeps bytes of a block that is not whole.
    if (left !== 0 && left !== blockHeader) throw new ProtocolError("the part ends inside a block");
    if (this.heap.u32[output + 2]! !== size) throw new ProtocolError("inflates to less than it says");
    return dst;
  }

  /** Ends the stream and gives back what it holds. A closed stream may be restarted. */
  close(): void {
    this.forget();
    this.input.release();
    this.output.release();
  }

  private forget(): void {
    if (this.ctx !== 0) this.heap.exports.ZSTD_freeDCtx(this.ctx);
    this.ctx = 0;
    this.state = "closed";
  }

  private point(buffer: number, ptr: number, size: number): void {
    const { u32 } = this.heap;
    u32[buffer] = ptr;
    u32[buffer + 1] = size;
    u32[buffer + 2] = 0;
  }
}
