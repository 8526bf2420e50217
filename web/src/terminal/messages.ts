// What page and worker tell each other. One worker serves all prompts of a page; each has a number there.

import type { PromptState, PromptTicket, Size } from "./state";

export type ToWorker = { prompt: number } & (
  | { type: "start"; id?: string; shell?: string; size: Size }
  /** An answer to connect; refused: the code of the error, "" when it has none. */
  | { type: "connected"; ticket: PromptTicket }
  | { type: "refused"; code: string }
  | { type: "input"; data: Uint8Array<ArrayBuffer> }
  | { type: "resize"; size: Size }
  | { type: "shown"; offset: bigint }
  /** shell: it ends with it. */
  | { type: "end"; shell: boolean }
);

export type ToPage = { prompt: number } & (
  | { type: "connect"; commitment: string; id: string | undefined }
  | { type: "state"; state: PromptState }
  | { type: "output"; offset: bigint; data: Uint8Array<ArrayBuffer> }
  | { type: "gap" }
  /** It has ended, and nothing more comes. */
  | { type: "gone" }
);
