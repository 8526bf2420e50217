// The header of a screen update: docs/protocol.md, "Screen update". Everything in it is checked before anything is allocated for it.

import { ProtocolError } from "./protocol_error";

const maxSide = 16384;
const maxPixels = 64 << 20;
const maxInflated = 300 << 20;
const refreshFlag = 1;
const restartFlag = 2;
const attachedFlag = 4;

/** Where a stream of updates has come to; it gives what a header leaves out. */
export interface Place {
  readonly id: number;
  readonly width: number;
  readonly height: number;
}

/** What an update says about itself. */
export interface UpdateHeader extends Place {
  /** The surface is cleared and may have another size. */
  readonly refresh: boolean;
  /** A new zstd stream begins, kept tiles are forgotten; true of every refresh. */
  readonly restart: boolean;
  /** Bytes that the zstd bytes give. */
  readonly inflated: number;
  /** Where in the message the zstd bytes and the attachments begin. */
  readonly packedAt: number;
  readonly attachedAt: number;
}

/** Reads and checks the header of the update that follows the one at before; undefined: nothing came before it. */
export function readHeader(b: Uint8Array, before: Place | undefined): UpdateHeader {
  const reader = new Reader(b);
  const flags = reader.bytes(1);
  const refresh = (flags & refreshFlag) !== 0;
  if (!refresh && before === undefined) throw new ProtocolError("an update without a refresh before it");
  const restart = refresh || (flags & restartFlag) !== 0;
  const id = restart ? reader.bytes(4) : (before!.id + 1) >>> 0;
  reader.uvarint(10); // captured: nobody asks for it here
  const width = refresh ? reader.bytes(2) : before!.width;
  const height = refresh ? reader.bytes(2) : before!.height;
  const inflated = reader.uvarint(5);
  const attached = (flags & attachedFlag) !== 0;
  const packed = attached ? reader.uvarint(5) : b.length - reader.at;
  if (width === 0 || height === 0 || width > maxSide || height > maxSide || width * height > maxPixels) {
    throw new ProtocolError(`a surface of ${width}×${height} pixels`);
  }
  if (inflated < 2 || inflated > maxInflated || inflated > 4 * width * height * 4 + (64 << 10)) {
    throw new ProtocolError(`screen update of ${inflated} bytes`);
  }
  if (packed > b.length - reader.at) throw new ProtocolError(`${packed} zstd bytes in ${b.length}`);
  return {
    refresh,
    restart,
    id,
    width,
    height,
    inflated,
    packedAt: reader.at,
    attachedAt: reader.at + packed,
  };
}

class Reader {
  at = 0;
  private readonly b: Uint8Array;

  constructor(b: Uint8Array) {
    this.b = b;
  }

  /** A number of up to 4 bytes, big endian. */
  bytes(size: number): number {
    if (this.at + size > this.b.length) throw new ProtocolError("screen update is cut off");
    let value = 0;
    for (let i = 0; i < size; i++) value = value * 256 + this.b[this.at++]!;
    return value;
  }

  /** A number as protobuf writes it, of at most so many bytes. Of ten bytes it may be rounded. */
  uvarint(most: number): number {
    let value = 0;
    for (let i = 0; i < most; i++) {
      const byte = this.bytes(1);
      value += (byte & 0x7f) * 2 ** (7 * i);
      if (byte < 0x80) return value;
    }
    throw new ProtocolError("a number in a screen update does not end");
  }
}
