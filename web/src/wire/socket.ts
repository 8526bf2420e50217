// Frames over a WebSocket: docs/protocol.md, "Connections".

import type { Bytes } from "./crypto";
import { decodeFrames, type Frame } from "./frame";
import { LinkError, parseReason, type Reason } from "./reason";

/** The most bytes that may wait to be sent; a network that takes nothing ends the connection as "too-slow". */
const maxWaiting = 256 << 10;
/** The most frames that may wait before anybody listens: a few messages of the key exchange. */
const maxHeld = 64;

/** The part of a WebSocket that is used. */
export interface Socket {
  binaryType: BinaryType;
  readonly bufferedAmount: number;
  onopen: ((event: Event) => void) | null;
  onmessage: ((event: MessageEvent) => void) | null;
  onclose: ((event: CloseEvent) => void) | null;
  send(data: Bytes): void;
  close(code?: number, reason?: string): void;
}

/** Frames in and out. First they are read one by one; listen ends that and passes on each as it comes. */
export class FrameSocket {
  private readonly socket: Socket;
  private readonly frames: Frame[] = [];
  private ended: LinkError | undefined;
  private wake: (() => void) | undefined;
  private listener: { onFrame: (frame: Frame) => void; onEnd: (error: LinkError) => void } | undefined;

  constructor(socket: Socket) {
    this.socket = socket;
    socket.binaryType = "arraybuffer";
    socket.onmessage = (event) => this.take(event.data);
    socket.onclose = (event) => this.end(new LinkError(parseReason(event.reason), "the connection was closed"));
  }

  /** Waits until it is open. Rejects with a LinkError. */
  async opened(): Promise<void> {
    await new Promise<void>((resolve) => {
      this.wake = resolve;
      this.socket.onopen = () => resolve();
      if (this.ended) resolve();
    });
    if (this.ended) throw this.ended;
  }

  /** Waits for the next frame. Rejects with a LinkError when the connection has ended. One call at a time. */
  async read(): Promise<Frame> {
    for (;;) {
      const frame = this.frames.shift();
      if (frame) return frame;
      if (this.ended) throw this.ended;
      await new Promise<void>((resolve) => {
        this.wake = resolve;
      });
    }
  }

  /** Passes on every frame from now on, and then the end, once. Neither may throw. */
  listen(onFrame: (frame: Frame) => void, onEnd: (error: LinkError) => void): void {
    this.listener = { onFrame, onEnd };
    for (const frame of this.frames.splice(0)) onFrame(frame);
    if (this.ended) onEnd(this.ended);
  }

  write(frame: Bytes): void {
    if (this.ended) return;
    if (this.socket.bufferedAmount + frame.length > maxWaiting) this.close("too-slow", "the network takes nothing");
    else this.socket.send(frame);
  }

  /** Ends the connection and tells the other side why. */
  close(reason: Reason, message = "the connection was closed here"): void {
    if (this.ended) return;
    this.end(new LinkError(reason, message));
    this.socket.close(1000, reason);
  }

  private take(data: unknown): void {
    if (this.ended) return;
    try {
      if (!(data instanceof ArrayBuffer)) throw new LinkError("protocol", "a text message");
      for (const frame of decodeFrames(new Uint8Array(data))) {
        if (this.listener) this.listener.onFrame(frame);
        else this.hold(frame);
      }
    } catch (error) {
      if (!(error instanceof LinkError)) throw error;
      this.close(error.reason, error.message);
    }
  }

  private hold(frame: Frame): void {
    if (this.frames.length === maxHeld) throw new LinkError("protocol", "frames before their time");
    this.frames.push(frame);
    this.wake?.();
  }

  private end(error: LinkError): void {
    if (this.ended) return;
    this.ended = error;
    this.wake?.();
    this.listener?.onEnd(error);
  }
}
