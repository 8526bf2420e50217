// Waiting between tries: each wait is drawn from zero to a limit that doubles ("full jitter"), so that many viewers that
// lost one server do not come back in step.

const first = 500; // ms
const longest = 10_000; // ms

export class Backoff {
  private readonly random: () => number;
  private tries = 0;

  constructor(random: () => number = Math.random) {
    this.random = random;
  }

  /** How long to wait before the next try, ms. */
  next(): number {
    const limit = Math.min(longest, first * 2 ** this.tries);
    if (limit < longest) this.tries++;
    return this.random() * limit;
  }

  reset(): void {
    this.tries = 0;
  }
}
