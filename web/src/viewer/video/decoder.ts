// Decoders of video frames. Each serves one stream with one codec.

import { type Codec, codec } from "../decoders/video";
import { JpegDecoder } from "./jpeg";
import { StreamDecoder } from "./stream";

/** Takes frames in their order, and gives pictures in that order; not every frame gives one. */
export interface FrameDecoder {
  /** number goes up from frame to frame; the picture comes back with it. What it throws is as if onError were called. */
  decode(frame: Uint8Array, key: boolean, number: number): void;
  /** Nothing comes back any more. */
  close(): void;
}

export interface FrameEvents {
  /** The receiver closes the picture. */
  onPicture: (picture: VideoFrame, number: number) => void;
  /** The decoder is of no use any more, and closed. */
  onError: (error: unknown) => void;
}

export type MakeDecoder = (of: Codec, events: FrameEvents) => FrameDecoder;

export const makeDecoder: MakeDecoder = (of, events) =>
  of === codec.jpeg ? new JpegDecoder(events) : new StreamDecoder(of, events);
