// VP8, VP9 and H.264 by WebCodecs.

import { type Codec, codec } from "../decoders/video";
import type { FrameDecoder, FrameEvents } from "./decoder";

export class StreamDecoder implements FrameDecoder {
  private readonly codec: Codec;
  private readonly decoder: VideoDecoder;
  private configured = "";

  constructor(of: Codec, events: FrameEvents) {
    this.codec = of;
    this.decoder = new VideoDecoder({
      output: (picture) => events.onPicture(picture, picture.timestamp),
      error: (error) => events.onError(error),
    });
  }

  decode(data: Uint8Array, key: boolean, number: number): void {
    if (key) this.configure(data);
    // The number goes as the time stamp: it comes back with the picture.
    this.decoder.decode(new EncodedVideoChunk({ type: key ? "key" : "delta", timestamp: number, data }));
  }

  close(): void {
    if (this.decoder.state !== "closed") this.decoder.close();
  }

  private configure(data: Uint8Array): void {
    const name = codecName(this.codec, data);
    if (name === this.configured) return;
    this.decoder.configure(config(name));
    this.configured = name;
  }
}

/**
 * The pictures are read by the CPU, from where a graphics card's would have to be fetched; and a software decoder holds no frame back.
 * BT.601 is the protocol's; the other two are those of the canvas, so that nothing else is converted.
 */
export function config(name: string): VideoDecoderConfig {
  return {
    codec: name,
    optimizeForLatency: true,
    hardwareAcceleration: "prefer-software",
    colorSpace: { primaries: "bt709", transfer: "iec61966-2-1", matrix: "smpte170m", fullRange: false },
  };
}

/** WebCodecs' name of a codec. H.264 has profile and level in it, which the sequence parameter set of a key frame says. */
export function codecName(of: Codec, data: Uint8Array): string {
  if (of === codec.vp8) return "vp8";
  if (of === codec.vp9) return "vp09.00.51.08";
  for (let i = 0; i + 6 < data.length; i++) {
    // 0, 0, 1 begins a NAL unit, of type 7 in the lower five bits.
    if (data[i] === 0 && data[i + 1] === 0 && data[i + 2] === 1 && (data[i + 3]! & 0x1f) === 7) {
      return `avc1.${[4, 5, 6].map((at) => data[i + at]!.toString(16).padStart(2, "0")).join("")}`;
    }
  }
  return "avc1.42e033";
}
