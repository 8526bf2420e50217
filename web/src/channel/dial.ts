// From the wish to connect to a sealed link: what a view of a screen and a command prompt have in common. Runs in a worker.

import { UnsupportedError } from "../wire/crypto";
import { ViewerExchange } from "../wire/exchange";
import type { Link, LinkEvents } from "../wire/link";
import { LinkError } from "../wire/reason";
import { connectRelay, type RelayOptions } from "../wire/relay";
import { type Ending, endedBy, refusedBy } from "./supervisor";

/** The time for the server to answer, and then for the client to come and to exchange keys, ms each. */
const patience = 30_000;

/** The API's answer to the wish to connect, when it is no. */
export class RefusedError extends Error {
  override name = "RefusedError";
  readonly code: string;

  constructor(code: string) {
    super(`refused: ${code}`);
    this.code = code;
  }
}

/** What the server answers when it says yes. */
export interface Ticket {
  /** Address of the relay: absolute, or a path on this host. */
  relayUrl: string;
  relayTicket: string;
  unattended: boolean;
  /** The computer's Ed25519 public key, base64url; required when unattended. */
  computerPublicKey?: string;
}

export interface DialOptions<T extends Ticket> {
  /** Asks the server. Rejects with a RefusedError. */
  ask: (commitment: string) => Promise<T>;
  events: LinkEvents;
  /** The key exchange, when it was begun before. */
  exchange?: ViewerExchange;
  /** Where relative addresses begin. */
  base: string;
  /** Gives up: when aborted, and by itself when nobody answers in time. */
  giveUp: AbortController;
  /** Opens the WebSocket; a test brings its own. */
  open?: RelayOptions["open"];
}

/** Asks for a connection and makes it. Rejects with what endingOf understands. */
export async function dial<T extends Ticket>(
  options: DialOptions<T>,
): Promise<{ info: T; link: Link; wordBits: number }> {
  const { ask, events, base, giveUp, open } = options;
  const exchange = options.exchange ?? (await ViewerExchange.create());
  const info = await within(giveUp, () => ask(commitmentText(exchange)));
  const { link, wordBits } = await within(giveUp, (signal) =>
    connectRelay({
      url: relayAddress(info.relayUrl, base),
      ticket: info.relayTicket,
      exchange,
      computerKey: computerKey(info),
      signal,
      events,
      open,
    }),
  );
  return { info, link, wordBits };
}

/** An exchange's commitment as the API takes it. */
export function commitmentText(exchange: ViewerExchange): string {
  return toBase64url(exchange.commitment);
}

/** What a failed dial means for the next try. again: it was connected before. */
export function endingOf(error: unknown, again: boolean): Ending {
  if (error instanceof RefusedError) return refusedBy(error.code, again);
  if (error instanceof LinkError) return endedBy(error.reason, false);
  console.error("connection:", error);
  return { reason: error instanceof UnsupportedError ? "unsupported" : "internal", final: true, lived: false };
}

/** Waits for what can be given up, and not for ever. */
async function within<T>(giveUp: AbortController, run: (signal: AbortSignal) => Promise<T>): Promise<T> {
  const { signal } = giveUp;
  const timer = setTimeout(() => giveUp.abort(), patience);
  try {
    return await Promise.race([
      run(signal),
      new Promise<never>((_, reject) => {
        signal.addEventListener("abort", () => reject(new LinkError("", "given up")), { once: true });
      }),
    ]);
  } finally {
    clearTimeout(timer);
  }
}

/** The key that an unattended computer must prove; undefined for an attended session. */
function computerKey(info: Ticket): Uint8Array<ArrayBuffer> | undefined {
  if (!info.unattended) return undefined;
  if (!info.computerPublicKey) throw new LinkError("bad-key", "the computer's key is not known");
  return fromBase64url(info.computerPublicKey);
}

function relayAddress(address: string, base: string): string {
  const url = new URL(address, base);
  url.protocol = url.protocol.replace("http", "ws");
  return url.href;
}

function toBase64url(bytes: Uint8Array): string {
  return btoa(String.fromCharCode(...bytes))
    .replaceAll("+", "-")
    .replaceAll("/", "_")
    .replaceAll("=", "");
}

function fromBase64url(text: string): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(atob(text.replaceAll("-", "+").replaceAll("_", "/")), (c) => c.charCodeAt(0));
}
