// What the page sees of a command prompt. The core knows no page: it is given a way to ask for a connection.

import type { Ticket } from "../channel/dial";

/**
 * connecting → asking → open ⇄ paused → ended; a lost connection leads to reconnecting and back to open. From ended nothing leads
 * away.
 */
export type PromptPhase = "connecting" | "asking" | "open" | "paused" | "reconnecting" | "ended";

export interface PromptState {
  readonly phase: PromptPhase;
  /** Why it ended: a reason of docs/protocol.md ("Signalling") or a code of the API. */
  readonly reason?: string;
  /** Of the shell, when it ended by itself: its own, or 128 and the number of the signal that ended it. */
  readonly exitCode?: number;
  /** What the computer's system says about a shell that did not start. */
  readonly detail?: string;
  /** Until the end-user's time to answer is over, in phase asking. */
  readonly secondsLeft?: number;
  /** The matching words, once both sides have keys. */
  readonly words?: readonly [string, string];
  /** The program that runs, and those that can be chosen; the user's own is the first. */
  readonly shell?: string;
  readonly shells: readonly string[];
  /** What runs in the shell; "": the shell waits for a command. */
  readonly program: string;
}

export const before: PromptState = { phase: "connecting", shells: [], program: "" };

export interface Size {
  columns: number;
  rows: number;
}

/** What the server answers when a prompt is asked for. */
export interface PromptTicket extends Ticket {
  promptId: string;
  consentSeconds: number;
}

export interface PromptOptions {
  /** The prompt to come back to; undefined: a new one. */
  id?: string;
  /** The program for a new one; undefined: the user's own shell. */
  shell?: string;
  /** The terminal's size, asked for with every connection. */
  size: Size;
  /**
   * Asks the server. Called for every try. An error's `code` (a code of the API) decides whether another try makes sense.
   */
  connect: (commitment: string, id: string | undefined) => Promise<PromptTicket>;
  /** Called with the whole state whenever it has changed. */
  onState: (state: PromptState) => void;
  /** The server said no: what connect rejected with. */
  onFault: (error: unknown) => void;
  /** The shell has an id: with it, also another page can come back. */
  onId: (id: string) => void;
  /** Output in its order, each byte once. Tell shown when it is on the screen. */
  onOutput: (offset: bigint, data: Uint8Array<ArrayBuffer>) => void;
  /** What is on the screen is no longer true: the output goes on after a part that is lost. */
  onGap: () => void;
}

export interface Prompt {
  /** Types; nothing happens unless it is open. */
  input(text: string | Uint8Array<ArrayBuffer>): void;
  resize(size: Size): void;
  /** The output up to an offset is on the screen. Only so much is under way at once that this has to be told. */
  shown(offset: bigint): void;
  /** Ends the shell. */
  close(): void;
  /** Leaves; the shell waits for a while. */
  leave(): void;
}
