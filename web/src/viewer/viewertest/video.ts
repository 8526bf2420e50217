// Video decoders for tests: a frame's data are its red, and the picture's size when it is not that of the test.

import type { FrameDecoder, FrameEvents } from "../video/decoder";

/** A decoded picture of one colour. */
export class FakePicture {
  static open = 0;
  readonly visibleRect: { x: number; y: number; width: number; height: number };
  readonly red: number;
  closed = 0;

  constructor(red: number, width: number, height: number) {
    this.red = red;
    this.visibleRect = { x: 0, y: 0, width, height };
    FakePicture.open++;
  }

  allocationSize({ rect }: { rect: { width: number; height: number } }): number {
    return rect.width * rect.height * 4;
  }

  async copyTo(out: Uint8Array): Promise<void> {
    if (this.closed > 0) throw new Error("the picture is closed");
    await Promise.resolve();
    for (let i = 0; i < out.length; i += 4) out.set([this.red, 0, 0, 255], i);
  }

  close(): void {
    this.closed++;
    FakePicture.open--;
  }
}

/** A decoder that decodes when the test says so. */
export class FakeDecoder implements FrameDecoder {
  static all: FakeDecoder[] = [];
  readonly waiting: { red: number; key: boolean; number: number; width: number; height: number }[] = [];
  readonly events: FrameEvents;
  readonly codec: number;
  closed = false;

  constructor(codec: number, events: FrameEvents) {
    this.codec = codec;
    this.events = events;
    FakeDecoder.all.push(this);
  }

  decode([red = 0, width = 64, height = 64]: Uint8Array, key: boolean, number: number): void {
    if (red === 255) throw new Error("not a frame");
    this.waiting.push({ red, key, number, width, height });
  }

  /** Gives the picture of the next frame that waits. */
  give(): void {
    const { red, number, width, height } = this.waiting.shift()!;
    this.events.onPicture(new FakePicture(red, width, height) as unknown as VideoFrame, number);
  }

  /** The next frame that waits gives no picture. */
  skip(): void {
    this.waiting.shift();
  }

  close(): void {
    this.closed = true;
    this.waiting.length = 0;
  }
}
