// Op 6, video: operands stream u8, codec u8, flags u8 (bit 0: key frame; bits 1 and 2: how much it is enlarged), bytes u32; the frame is in
// the attachments.

import { ProtocolError } from "../protocol_error";

export const videoSize = 7;
export const maxStreams = 4;

/** The codecs, as they stand in an update. */
export const codec = { vp8: 1, vp9: 2, h264: 3, jpeg: 4 } as const;

export type Codec = (typeof codec)[keyof typeof codec];

/** The next frame of a video: its top left w×h, after it was made scale times as large, lies over the surface at (x, y). */
export interface VideoChange {
  readonly x: number;
  readonly y: number;
  readonly w: number;
  readonly h: number;
  readonly stream: number;
  readonly codec: Codec;
  readonly key: boolean;
  readonly scale: number;
  /** A part of the message. */
  readonly data: Uint8Array;
}

/** The bytes that the frame has in the attachments. Checks stream, codec and scale. */
export function checkVideo(b: Uint8Array, at: number): number {
  const bytes = frameBytes(b, at);
  if (b[at]! >= maxStreams || b[at + 1]! < codec.vp8 || b[at + 1]! > codec.jpeg || bytes === 0) {
    throw new ProtocolError(`a frame of ${bytes} bytes, codec ${b[at + 1]}, in video ${b[at]}`);
  }
  if (scaleOf(b[at + 2]!) > 4) throw new ProtocolError("a frame that is enlarged too much");
  return bytes;
}

/** Reads a checked one; its data begins in the message at attached. */
export function video(
  b: Uint8Array,
  at: number,
  place: { x: number; y: number; w: number; h: number },
  message: Uint8Array,
  attached: number,
): VideoChange {
  return {
    ...place,
    stream: b[at]!,
    codec: b[at + 1] as Codec,
    key: (b[at + 2]! & 1) !== 0 || b[at + 1] === codec.jpeg,
    scale: scaleOf(b[at + 2]!),
    data: message.subarray(attached, attached + frameBytes(b, at)),
  };
}

function scaleOf(flags: number): number {
  return 1 << ((flags >> 1) & 3);
}

function frameBytes(b: Uint8Array, at: number): number {
  return b[at + 3]! * 2 ** 24 + ((b[at + 4]! << 16) | (b[at + 5]! << 8) | b[at + 6]!);
}
