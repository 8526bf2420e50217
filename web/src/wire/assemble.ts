// Parts to messages: docs/protocol.md, "Sealed frame". The Go twin is secure/assemble.go.

import { fromClient, maxMessage } from "./channel";
import { type Bytes, concat } from "./crypto";
import { LinkError } from "./reason";
import type { Part } from "./seal";

/** Joins the parts that a viewer receives, channel by channel. */
export class Assembler {
  private readonly pending = new Map<number, { parts: Bytes[]; size: number }>();

  /** Takes the next part; gives the message when it is whole. Throws a LinkError. */
  add({ channel, last, data }: Part): Bytes | undefined {
    const limit = maxMessage(channel);
    if (limit === 0) return undefined; // of a newer version
    if (!fromClient(channel)) throw new LinkError("protocol", `a message on channel ${channel} goes the other way`);
    if (data.length === 0 && !last) throw new LinkError("protocol", "an empty part that is not the last");
    const waiting = this.pending.get(channel) ?? { parts: [], size: 0 };
    if (waiting.size + data.length > limit) {
      throw new LinkError("protocol", `a message of more than ${limit} bytes on channel ${channel}`);
    }
    if (last && waiting.size === 0) return data;
    waiting.parts.push(data);
    waiting.size += data.length;
    if (!last) {
      this.pending.set(channel, waiting);
      return undefined;
    }
    this.pending.delete(channel);
    return concat(...waiting.parts);
  }
}
