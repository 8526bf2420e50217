// Messages on channels, sealed: docs/protocol.md, "Sealed frame". The Go twin is secure/link.go. Knows no page; runs in a
// worker.

import { Assembler } from "./assemble";
import { fromViewer, maxMessage } from "./channel";
import type { Bytes } from "./crypto";
import type { Keys } from "./exchange";
import { type Frame, frameType } from "./frame";
import { LinkError, type Reason } from "./reason";
import { Direction, maxPart } from "./seal";
import type { FrameSocket } from "./socket";
import { closed } from "./turn";

/** The most bytes of frames that may have come and are not delivered. A message of the screen has 64 MiB at most. */
const maxUndelivered = 96 << 20;

export interface LinkEvents {
  /** A whole message; it belongs to the receiver. What it throws ends the link as "internal". */
  onMessage: (channel: number, message: Bytes) => void;
  /** The link ended, after the last message; called once, not after close(). reason "": the connection was lost. */
  onEnd: (reason: Reason, error: LinkError) => void;
}

export class Link {
  private readonly socket: FrameSocket;
  private readonly events: LinkEvents;
  private readonly sealer: Direction;
  private readonly opener: Direction;
  private readonly assembler = new Assembler();
  private sending: Promise<void> = Promise.resolve();
  private receiving: Promise<void> = Promise.resolve();
  private undelivered = 0;
  private over = false;

  private constructor(socket: FrameSocket, sealer: Direction, opener: Direction, events: LinkEvents) {
    this.socket = socket;
    this.sealer = sealer;
    this.opener = opener;
    this.events = events;
  }

  /** Begins to speak, as the viewer, with the keys of one exchange on this connection. */
  static async create(socket: FrameSocket, keys: Keys, events: LinkEvents): Promise<Link> {
    const sealer = await Direction.create(keys.viewerToClient, "encrypt");
    const opener = await Direction.create(keys.clientToViewer, "decrypt");
    const link = new Link(socket, sealer, opener, events);
    socket.listen(
      (frame) => link.take(frame),
      (error) => link.inOrder(() => link.end(error)),
    );
    return link;
  }

  /** Sends a message; messages arrive in the order of the calls. Nothing happens once the link has ended. */
  send(channel: number, message: Bytes): void {
    if (!fromViewer(channel)) {
      throw new RangeError(`channel ${channel} goes the other way`);
    }
    if (message.length > maxMessage(channel))
      throw new RangeError(`a message of ${message.length} bytes on channel ${channel}`);
    let at = 0;
    do {
      const data = message.subarray(at, at + maxPart);
      at += data.length;
      const frame = this.sealer.seal({ channel, last: at === message.length, data });
      this.sending = this.sending.then(async () => this.socket.write(await frame));
    } while (at < message.length);
  }

  /** Ends the link, after what was sent before, and tells the other side why. onEnd is not called. */
  async close(reason: Reason): Promise<void> {
    this.over = true;
    await this.sending;
    this.socket.close(reason);
  }

  /** Begins to open a frame. Several may be under way; what they hold is delivered in their order. */
  private take(frame: Frame): void {
    if (this.over) return;
    if (frame.type !== frameType.sealed) {
      const error = closed(frame);
      if (error) this.inOrder(() => this.fail(error));
      return;
    }
    const size = frame.payload.length;
    this.undelivered += size;
    if (this.undelivered > maxUndelivered) {
      this.fail(new LinkError("protocol", "more came than any message has"));
      return;
    }
    const opening = this.opener.open(frame.payload);
    opening.catch(() => {}); // whoever awaits it in its turn sees the error; it may fail before
    this.inOrder(async () => {
      const part = await opening;
      this.undelivered -= size;
      const message = this.assembler.add(part);
      if (message && !this.over) this.events.onMessage(part.channel, message);
    });
  }

  private inOrder(step: () => void | Promise<void>): void {
    this.receiving = this.receiving.then(step).catch((error: unknown) => this.fail(error));
  }

  /** Ends the link because of what the other side did, or of a fault of ours. */
  private fail(cause: unknown): void {
    if (this.over) return;
    const error =
      cause instanceof LinkError ? cause : new LinkError("internal", "a message was not understood", { cause });
    this.end(error);
    this.socket.close(error.reason, error.message);
  }

  private end(error: LinkError): void {
    if (this.over) return;
    this.over = true;
    this.events.onEnd(error.reason, error);
  }
}
