// A WebSocket whose other end is the test.

import type { Bytes } from "../crypto";
import { decodeFrames, type Frame } from "../frame";
import type { Socket } from "../socket";

export class TestSocket implements Socket {
  binaryType: BinaryType = "blob";
  bufferedAmount = 0;
  onopen: ((event: Event) => void) | null = null;
  onmessage: ((event: MessageEvent) => void) | null = null;
  onclose: ((event: CloseEvent) => void) | null = null;
  /** What close was called with. */
  closedAs: string | undefined;
  private readonly sent: Frame[] = [];
  private wake: (() => void) | undefined;

  send(data: Bytes): void {
    this.sent.push(...decodeFrames(data.slice()));
    this.wake?.();
  }

  close(_code?: number, reason = ""): void {
    this.closedAs ??= reason;
    this.wake?.();
  }

  open(): void {
    this.onopen?.(new Event("open"));
  }

  /** Lets a message arrive, of one or more frames. */
  arrive(...frames: Uint8Array[]): void {
    const message = new Uint8Array(frames.flatMap((frame) => [...frame]));
    this.onmessage?.({ data: message.buffer } as MessageEvent);
  }

  /** Lets the other end, or the network, close. */
  lose(reason = ""): void {
    this.onclose?.({ reason } as CloseEvent);
  }

  /** The next frame that was sent. */
  async next(): Promise<Frame> {
    for (;;) {
      const frame = this.sent.shift();
      if (frame) return frame;
      await new Promise<void>((resolve) => {
        this.wake = resolve;
      });
    }
  }

  /** Waits until close was called, and says for what reason. */
  async closing(): Promise<string> {
    while (this.closedAs === undefined) {
      await new Promise<void>((resolve) => {
        this.wake = resolve;
      });
    }
    return this.closedAs;
  }
}
