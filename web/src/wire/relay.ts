// From a relay ticket to a sealed link, as the viewer: docs/protocol.md, "Relay" and "Key exchange". The Go twins are
// transport.JoinRelay and secure.ViewerExchange.

import { create, type DescMessage, type MessageShape, toBinary } from "@bufbuild/protobuf";
import type { Bytes } from "./crypto";
import { ClientKeySchema, RelayHelloSchema, RevealSchema } from "./deskhand_pb";
import type { ViewerExchange } from "./exchange";
import { encodeFrame, type Frame, frameType } from "./frame";
import { Link, type LinkEvents } from "./link";
import { LinkError } from "./reason";
import { FrameSocket, type Socket } from "./socket";
import { closed, decode } from "./turn";

/** The version of the protocol that is spoken, the highest and the lowest. */
export const version = 1;

/** The time for the client to answer once it is there, ms. */
const exchangeTime = 15_000;

export interface RelayOptions {
  /** The relay's address, ws: or wss:. */
  url: string;
  ticket: string;
  /** The exchange whose commitment went with the wish to connect. */
  exchange: ViewerExchange;
  /** The enrolled Ed25519 key of the computer that must be there; undefined: an attended session. */
  computerKey?: Bytes;
  /** Gives up. */
  signal?: AbortSignal;
  events: LinkEvents;
  /** Opens the WebSocket; a test brings its own. */
  open?: (url: string) => Socket;
}

/** A link, and what both people's words are made of, for matchingWords. */
export interface Connected {
  link: Link;
  wordBits: number;
}

/**
 * Connects to the relay, waits for the client, exchanges keys. Rejects with a LinkError, whose reason is "" when the
 * connection was lost or given up.
 */
export async function connectRelay(options: RelayOptions): Promise<Connected> {
  const { url, ticket, exchange, computerKey, signal, events, open = (to) => new WebSocket(to) } = options;
  const socket = new FrameSocket(open(url));
  const giveUp = () => socket.close("", "given up");
  signal?.addEventListener("abort", giveUp, { once: true });
  if (signal?.aborted) giveUp();
  let late: ReturnType<typeof setTimeout> | undefined;
  try {
    await socket.opened();
    send(
      socket,
      frameType.relayHello,
      RelayHelloSchema,
      create(RelayHelloSchema, { ticket, version, minVersion: version }),
    );
    await next(socket, frameType.relayReady);
    late = setTimeout(() => socket.close("timeout", "the client does not exchange keys"), exchangeTime);
    const clientKey = decode(ClientKeySchema, await next(socket, frameType.clientKey));
    const { keys, reveal } = await exchange.finish(clientKey, computerKey);
    send(socket, frameType.reveal, RevealSchema, create(RevealSchema, reveal));
    const link = await Link.create(socket, keys, events);
    return { link, wordBits: keys.wordBits };
  } catch (error) {
    socket.close(error instanceof LinkError ? error.reason : "internal");
    throw error;
  } finally {
    clearTimeout(late);
    signal?.removeEventListener("abort", giveUp);
  }
}

function send<Desc extends DescMessage>(
  socket: FrameSocket,
  type: number,
  schema: Desc,
  message: MessageShape<Desc>,
): void {
  socket.write(encodeFrame(type, toBinary(schema, message)));
}

/** Waits for the one frame that may come now; those of types that this version does not know are skipped. */
async function next(socket: FrameSocket, type: number): Promise<Frame> {
  for (;;) {
    const frame = await socket.read();
    if (frame.type === type) return frame;
    const error = closed(frame);
    if (error) throw error;
  }
}
