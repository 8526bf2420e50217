// Frames: docs/protocol.md, "Frame". The Go twin is wire/frame.go; both replay wire/testdata/frames.json.

import { LinkError } from "./reason";

/** The types of frames that a viewer meets. */
export const frameType = {
  relayHello: 0x10,
  relayReady: 0x11,
  relayClose: 0x12,
  clientKey: 0x20,
  reveal: 0x21,
  sealed: 0x30,
} as const;

/** Bytes of type and length. */
export const headerSize = 4;
/** The most bytes that a frame's payload may have on a relay connection. */
export const maxRelay = 16 << 10;

export interface Frame {
  /** One of frameType, or one of a newer version, to be skipped. */
  readonly type: number;
  /** A view of the message that the frame came in. */
  readonly payload: Uint8Array<ArrayBuffer>;
}

/** Encodes a frame. */
export function encodeFrame(type: number, ...payload: Uint8Array[]): Uint8Array<ArrayBuffer> {
  const length = payload.reduce((sum, part) => sum + part.length, 0);
  const frame = new Uint8Array(headerSize + length);
  frame.set([type, length >> 16, length >> 8, length]);
  let at = headerSize;
  for (const part of payload) {
    frame.set(part, at);
    at += part.length;
  }
  return frame;
}

/** Reads the frames of one WebSocket message, which must hold one or more whole ones. Throws a LinkError. */
export function decodeFrames(message: Uint8Array<ArrayBuffer>, limit = maxRelay): Frame[] {
  const frames: Frame[] = [];
  let at = 0;
  do {
    if (message.length - at < headerSize) throw new LinkError("protocol", "a message without a whole frame");
    const [type, high, middle, low] = message.subarray(at, at + headerSize) as unknown as [
      number,
      number,
      number,
      number,
    ];
    const end = at + headerSize + ((high << 16) | (middle << 8) | low);
    if (end - at - headerSize > limit) throw new LinkError("protocol", "a frame is larger than allowed");
    if (end > message.length) throw new LinkError("protocol", "a message without a whole frame");
    frames.push({ type, payload: message.subarray(at + headerSize, end) });
    at = end;
  } while (at < message.length);
  return frames;
}
