// Why things end: docs/protocol.md, "Signalling". The Go twin is wire/codes.go.

/** The reasons of version 1. */
export const reasons = [
  "ended-by-agent",
  "ended-by-end-user",
  "denied",
  "unanswered",
  "never-connected",
  "viewer-closed",
  "client-lost",
  "viewer-lost",
  "display-gone",
  "server-stopping",
  "login-ended",
  "role-changed",
  "computer-removed",
  "computer-hidden",
  "replaced",
  "shell-ended",
  "shell-missing",
  "prompt-refused",
  "prompt-unknown",
  "too-many-prompts",
  "bad-grant",
  "bad-key",
  "bad-ticket",
  "timeout",
  "too-slow",
  "too-old",
  "too-new",
  "protocol",
  "internal",
] as const;

/** "": nothing is known, as after a lost connection. */
export type Reason = (typeof reasons)[number] | "";

/** Reads a reason that the other side sent: an unknown one is "internal", none is "". */
export function parseReason(text: string): Reason {
  if (text === "") return "";
  return reasons.find((known) => known === text) ?? "internal";
}

/** A connection ended, or must end, for a reason. */
export class LinkError extends Error {
  override name = "LinkError";
  readonly reason: Reason;

  constructor(reason: Reason, message: string, options?: ErrorOptions) {
    super(message, options);
    this.reason = reason;
  }
}
