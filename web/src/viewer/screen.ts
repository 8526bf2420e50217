// Screen updates: docs/protocol.md, "Screen update". Everything that an update says is checked before anything is
// allocated for it, and all of its changes before the first one is drawn: it is shown whole or not at all.

import { Damage } from "./damage";
import { checkCopy, copy, copySize } from "./decoders/copy";
import { fill, fillSize } from "./decoders/fill";
import { gray, pixels, pixelsSize } from "./decoders/pixels";
import { Tiles, tilesSize } from "./decoders/tiles";
import { checkVideo, type VideoChange, video, videoSize } from "./decoders/video";
import { type Place, readHeader, type UpdateHeader } from "./header";
import { ProtocolError } from "./protocol_error";
import { HeapSurface } from "./surface";
import { type Heap, ZstdStream } from "./zstd";

const changeSize = 9;
const maxSmallArea = 16 << 10; // pixels that changes may cover whatever the surface

/** What lies over the surface is taken away here. */
export interface Reveal {
  readonly x: number;
  readonly y: number;
  readonly w: number;
  readonly h: number;
}

/** An update that has been drawn. */
export interface Update {
  readonly id: number;
  readonly refresh: boolean;
  readonly restart: boolean;
  /** What happens over the surface, in order: frames of videos, and places that are revealed. */
  readonly over: readonly (VideoChange | Reveal)[];
}

/** Of an update that has nothing for what lies over the surface. */
const nothing: readonly never[] = [];

/** ScreenDecoder keeps the surface up to date and knows what has changed since somebody last looked. */
export class ScreenDecoder {
  readonly surface: HeapSurface;
  /** What changed; whoever shows it clears it. */
  readonly damage = new Damage();
  private readonly heap: Heap;
  private readonly stream: ZstdStream;
  private readonly tiles: Tiles;
  private at: Place | undefined;

  constructor(heap: Heap) {
    this.heap = heap;
    this.surface = new HeapSurface(heap);
    this.stream = new ZstdStream(heap);
    this.tiles = new Tiles(heap);
  }

  /**
   * Draws an update. After an error the surface is as before, and only a refresh can follow. Frames of videos are parts of the
   * message.
   */
  decode(message: Uint8Array): Update {
    const before = this.at;
    this.at = undefined; // until this update is through
    const header = readHeader(message, before);
    const { refresh, restart, id, width, height, inflated, packedAt, attachedAt } = header;
    const { surface } = this;
    if (restart) {
      this.stream.restart();
      this.tiles.clear();
    }
    const start = this.stream.inflate(message.subarray(packedAt, attachedAt), inflated);
    const pixelsAt = this.check(start, header, message.length - attachedAt);
    if (refresh) {
      surface.resize(width, height);
      this.damage.clear();
      this.damage.add(0, 0, width, height);
    }
    const over = this.draw(start, pixelsAt, message, attachedAt);
    this.at = { id, width, height };
    return { id, refresh, restart, over };
  }

  /** Forgets surface, stream and tiles; the next update must be a refresh. */
  reset(): void {
    this.at = undefined;
    this.stream.close();
    this.tiles.clear();
    this.surface.release();
    this.damage.clear();
  }

  /** Checks all changes of an update and returns where the pixels begin. */
  private check(start: number, { inflated, width, height }: UpdateHeader, attached: number): number {
    const { heap, tiles } = this;
    const end = start + inflated;
    const count = (heap.u8[start]! << 8) | heap.u8[start + 1]!;
    const most = 6 * width * height + maxSmallArea;
    let at = start + 2;
    let pixelBytes = 0;
    let area = 0;
    for (let i = 0; i < count; i++) {
      const { u8 } = heap; // another one when tiles take memory
      if (at + changeSize > end) throw new ProtocolError("changes are cut off");
      const op = u8[at]!;
      const x = (u8[at + 1]! << 8) | u8[at + 2]!;
      const y = (u8[at + 3]! << 8) | u8[at + 4]!;
      const w = (u8[at + 5]! << 8) | u8[at + 6]!;
      const h = (u8[at + 7]! << 8) | u8[at + 8]!;
      if (w === 0 || h === 0 || x + w > width || y + h > height) {
        throw new ProtocolError(`a change of ${w}×${h} at ${x}, ${y}`);
      }
      area += w * h;
      // Copies cost no bytes: without this, a few kilobytes could keep the worker busy for minutes.
      if (area > most) throw new ProtocolError("changes cover the surface too often");
      at += changeSize;
      const operands = at;
      at += operandsSize(op);
      if (at > end) throw new ProtocolError("changes are cut off");
      if (op === 1 && !checkCopy(u8, operands, width - w, height - h)) {
        throw new ProtocolError("a copy from outside the surface");
      }
      if (op === 3) pixelBytes += w * h * 4;
      else if (op === 8) pixelBytes += w * h;
      else if (op === 4) tiles.willKeep(u16(u8, operands), w, h);
      else if (op === 5) tiles.checkRecall(u16(u8, operands), w, h);
      else if (op === 6) attached -= checkVideo(u8, operands);
    }
    if (at + pixelBytes !== end) throw new ProtocolError("changes and pixels do not make up the update");
    if (attached !== 0) throw new ProtocolError("the attachments are not those of the videos");
    return at;
  }

  /** Draws all changes; they were checked. src is where the pixels begin, attached where the attachments do in the message. */
  private draw(start: number, src: number, message: Uint8Array, attached: number): Update["over"] {
    const { surface, damage, tiles } = this;
    const { u8 } = this.heap;
    const end = src;
    let over: (VideoChange | Reveal)[] | undefined;
    for (let at = start + 2; at < end; ) {
      const op = u8[at]!;
      const x = u16(u8, at + 1);
      const y = u16(u8, at + 3);
      const w = u16(u8, at + 5);
      const h = u16(u8, at + 7);
      at += changeSize;
      if (op === 1) copy(u8, at, surface, x, y, w, h);
      else if (op === 2) fill(u8, at, surface, x, y, w, h);
      else if (op === 3) src = pixels(src, surface, x, y, w, h);
      else if (op === 8) src = gray(src, surface, x, y, w, h);
      else if (op === 4) tiles.keep(u16(u8, at), surface, x, y, w, h);
      else if (op === 5) tiles.recall(u16(u8, at), surface, x, y, w, h);
      else {
        over ??= [];
        if (op === 7) over.push({ x, y, w, h });
        else {
          const frame = video(u8, at, { x, y, w, h }, message, attached);
          attached += frame.data.length;
          over.push(frame);
        }
      }
      at += operandsSize(op);
      if (op < 4 || op === 5 || op === 8) damage.add(x, y, w, h);
    }
    return over ?? nothing;
  }
}

function u16(b: Uint8Array, at: number): number {
  return (b[at]! << 8) | b[at + 1]!;
}

function operandsSize(op: number): number {
  switch (op) {
    case 1:
      return copySize;
    case 2:
      return fillSize;
    case 3:
    case 8:
      return pixelsSize;
    case 4:
    case 5:
      return tilesSize;
    case 6:
      return videoSize;
    case 7:
      return 0;
  }
  throw new ProtocolError(`unknown change ${op}`);
}
