// Screen updates: docs/protocol.md, "Screen update". Everything that an update says is checked before anything is
// allocated for it, and all of its changes before the first one is drawn: it is shown whole or not at all.

import { Damage } from "./damage";
import { checkCopy, copy, copySize } from "./decoders/copy";
import { fill, fillSize } from "./decoders/fill";
import { pixels, pixelsSize } from "./decoders/pixels";
import { ProtocolError } from "./protocol_error";
import { HeapSurface } from "./surface";
import { type Heap, ZstdStream } from "./zstd";

const version = 1;
const headerSize = 22;
const changeSize = 9;
const maxSide = 16384;
const maxPixels = 64 << 20;
const maxInflated = 300 << 20;
const maxSmallArea = 16 << 10; // pixels that changes may cover whatever the surface
const refreshFlag = 1;

/** What an update says about itself. */
export interface UpdateHeader {
  refresh: boolean;
  id: number;
  width: number;
  height: number;
  inflated: number; // bytes
}

/** Reads and checks the header of an update. */
export function readHeader(b: Uint8Array): UpdateHeader {
  if (b.length < headerSize) throw new ProtocolError("screen update is cut off");
  if (b[0] !== version) throw new ProtocolError(`screen update of version ${b[0]}`);
  const view = new DataView(b.buffer, b.byteOffset, headerSize);
  const width = view.getUint16(14);
  const height = view.getUint16(16);
  const inflated = view.getUint32(18);
  if (width === 0 || height === 0 || width > maxSide || height > maxSide || width * height > maxPixels) {
    throw new ProtocolError(`a surface of ${width}×${height} pixels`);
  }
  if (inflated < 2 || inflated > maxInflated || inflated > 4 * width * height * 4 + (64 << 10)) {
    throw new ProtocolError(`screen update of ${inflated} bytes`);
  }
  return { refresh: (b[1]! & refreshFlag) !== 0, id: view.getUint32(2), width, height, inflated };
}

/** ScreenDecoder keeps the picture up to date and knows what has changed since somebody last looked. */
export class ScreenDecoder {
  readonly surface: HeapSurface;
  /** What changed; whoever shows it clears it. */
  readonly damage = new Damage();
  private readonly heap: Heap;
  private readonly stream: ZstdStream;

  constructor(heap: Heap) {
    this.heap = heap;
    this.surface = new HeapSurface(heap);
    this.stream = new ZstdStream(heap);
  }

  /** Draws an update and returns its id. After an error the picture is as before, and only a refresh can follow. */
  decode(message: Uint8Array): number {
    const { refresh, id, width, height, inflated } = readHeader(message);
    const { surface } = this;
    if (refresh) this.stream.restart();
    else if (width !== surface.width || height !== surface.height) {
      throw new ProtocolError(`update of ${width}×${height} for a surface of ${surface.width}×${surface.height}`);
    }
    const start = this.stream.inflate(message.subarray(headerSize), inflated);
    const pixelsAt = this.check(start, inflated, width, height);
    if (refresh) {
      surface.resize(width, height);
      this.damage.clear();
      this.damage.add(0, 0, width, height);
    }
    this.draw(start, pixelsAt);
    return id;
  }

  /** Forgets picture and stream; the next update must be a refresh. */
  reset(): void {
    this.stream.close();
    this.surface.release();
    this.damage.clear();
  }

  /** Checks all changes of an update of width×height and returns where the pixels begin. */
  private check(start: number, size: number, width: number, height: number): number {
    const { u8 } = this.heap;
    const end = start + size;
    const count = (u8[start]! << 8) | u8[start + 1]!;
    let at = start + 2;
    let pixelBytes = 0;
    let area = 0;
    for (let i = 0; i < count; i++) {
      if (at + changeSize > end) throw new ProtocolError("changes are cut off");
      const x = (u8[at + 1]! << 8) | u8[at + 2]!;
      const y = (u8[at + 3]! << 8) | u8[at + 4]!;
      const w = (u8[at + 5]! << 8) | u8[at + 6]!;
      const h = (u8[at + 7]! << 8) | u8[at + 8]!;
      if (w === 0 || h === 0 || x + w > width || y + h > height) {
        throw new ProtocolError(`a change of ${w}×${h} at ${x}, ${y}`);
      }
      area += w * h;
      const op = u8[at]!;
      at += changeSize;
      if (op === 3) pixelBytes += w * h * 4;
      else if (op === 1 && at + copySize <= end && !checkCopy(u8, at, width - w, height - h)) {
        throw new ProtocolError("a copy from outside the surface");
      }
      at += operandsSize(op);
    }
    if (at + pixelBytes !== end) throw new ProtocolError("changes and pixels do not make up the update");
    // Copies cost no bytes: without this, a few kilobytes could keep the worker busy for minutes.
    if (area > 4 * width * height + maxSmallArea) throw new ProtocolError("changes cover the surface too often");
    return at;
  }

  /** Draws all changes; they were checked. src is where the pixels begin. */
  private draw(start: number, src: number): void {
    const { surface, damage } = this;
    const { u8 } = this.heap;
    const end = src;
    for (let at = start + 2; at < end; ) {
      const op = u8[at]!;
      const x = (u8[at + 1]! << 8) | u8[at + 2]!;
      const y = (u8[at + 3]! << 8) | u8[at + 4]!;
      const w = (u8[at + 5]! << 8) | u8[at + 6]!;
      const h = (u8[at + 7]! << 8) | u8[at + 8]!;
      at += changeSize;
      if (op === 1) copy(u8, at, surface, x, y, w, h);
      else if (op === 2) fill(u8, at, surface, x, y, w, h);
      else src = pixels(src, surface, x, y, w, h);
      at += operandsSize(op);
      damage.add(x, y, w, h);
    }
  }
}

function operandsSize(op: number): number {
  if (op === 1) return copySize;
  if (op === 2) return fillSize;
  if (op === 3) return pixelsSize;
  throw new ProtocolError(`unknown change ${op}`);
}
