// Keeps a viewer connected: runs one connection after the other until one ends for good.
//
//   connecting ──live──▶ lost ──▶ reconnecting ──live──▶ lost …
//       └────────── final, or nothing for 120 s ──────────▶ ended

import { Backoff } from "./backoff";

/** How one connection ended. */
export interface Ending {
  /** A reason of docs/protocol.md or a code of the API; "" when the connection was merely lost. */
  reason: string;
  /** No other try makes sense. */
  final: boolean;
  /** It had come so far that the picture was to be shown. */
  lived: boolean;
}

// After these, another try may succeed: the network, the client or the server was lost, not the right to be there.
const passing = new Set(["", "client-lost", "viewer-lost", "server-stopping", "timeout", "too-slow", "bad-ticket"]);
// The same for an answer of the API, but only for one that was connected before: at first, the agent shall read it at once.
const passingCodes = new Set(["offline", "unavailable", "internal", "throttled", "conflict"]);

export function endedBy(reason: string, lived: boolean): Ending {
  return { reason, final: !passing.has(reason), lived };
}

/** An error of the API. again: this viewer was connected before. */
export function refusedBy(code: string, again: boolean): Ending {
  if (code === "" || code === "unreachable") return { reason: "viewer-lost", final: false, lived: false };
  return { reason: code, final: !(again && passingCodes.has(code)), lived: false };
}

export interface SupervisorOptions {
  /** Runs one connection to its end. Never fails. */
  once: (again: boolean) => Promise<Ending>;
  /** Another try comes; again: after this viewer had been connected. */
  onWaiting: (again: boolean) => void;
  onEnded: (reason: string) => void;
  now?: () => number;
  random?: () => number;
}

/** How long a viewer tries to come back, ms. */
export const patience = 120_000;

export class Supervisor {
  private readonly options: SupervisorOptions;
  private readonly backoff: Backoff;
  private readonly now: () => number;
  private wake: (() => void) | undefined;
  private stopped = false;

  constructor(options: SupervisorOptions) {
    this.options = options;
    this.backoff = new Backoff(options.random);
    this.now = options.now ?? (() => performance.now());
  }

  /** Returns when the viewer has ended or was stopped. */
  async run(): Promise<void> {
    let again = false;
    let since = this.now();
    while (!this.stopped) {
      const ending = await this.options.once(again);
      if (this.stopped) return;
      if (ending.lived) {
        again = true;
        since = this.now();
        this.backoff.reset();
      }
      const wait = this.backoff.next();
      if (ending.final || this.now() + wait - since > patience) {
        this.stopped = true;
        this.options.onEnded(ending.reason || "viewer-lost");
        return;
      }
      this.options.onWaiting(again);
      await this.sleep(wait);
    }
  }

  /** Tries at once, when it waits: the network is back. */
  retry(): void {
    this.wake?.();
  }

  /** No more tries; onEnded is not called. */
  stop(): void {
    this.stopped = true;
    this.wake?.();
  }

  private sleep(ms: number): Promise<void> {
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, ms);
      this.wake = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  }
}
