// JPEG pictures, for clients without a video encoder.

import type { FrameDecoder, FrameEvents } from "./decoder";

export class JpegDecoder implements FrameDecoder {
  private readonly events: FrameEvents;
  private turn: Promise<void> = Promise.resolve();
  private closed = false;

  constructor(events: FrameEvents) {
    this.events = events;
  }

  decode(data: Uint8Array, _key: boolean, number: number): void {
    const decoding = decodeJpeg(data);
    decoding.catch(() => {}); // whoever awaits it in its turn sees the error; it may fail before
    this.turn = this.turn.then(async () => {
      try {
        const picture = await decoding;
        if (this.closed) picture.close();
        else this.events.onPicture(picture, number);
      } catch (error) {
        if (!this.closed) this.events.onError(error);
        this.closed = true;
      }
    });
  }

  close(): void {
    this.closed = true;
  }
}

async function decodeJpeg(data: Uint8Array): Promise<VideoFrame> {
  const copy = data.slice(); // the message goes away
  if (typeof ImageDecoder === "undefined") {
    const bitmap = await createImageBitmap(new Blob([copy], { type: "image/jpeg" }), { colorSpaceConversion: "none" });
    const picture = new VideoFrame(bitmap, { timestamp: 0 });
    bitmap.close();
    return picture;
  }
  const decoder = new ImageDecoder({ data: copy, type: "image/jpeg", colorSpaceConversion: "none" });
  try {
    return (await decoder.decode()).image;
  } finally {
    decoder.close();
  }
}
