// Whether the other side is still there: it is asked every two seconds, whatever TCP hopes.

const every = 2_000; // ms
/** Nothing came for so long, although it was asked: the connection is dead. ms. */
const deadAfter = 10_000;

export interface PulseOptions {
  /** Asks; the answer is the same number. */
  ping: (sentMicros: bigint) => void;
  onDead: () => void;
  now?: () => number;
}

export class Pulse {
  private readonly options: PulseOptions;
  private readonly now: () => number;
  private pinger: ReturnType<typeof setInterval> | undefined;
  private last = 0;

  constructor(options: PulseOptions) {
    this.options = options;
    this.now = options.now ?? (() => performance.now());
  }

  start(): void {
    this.last = this.now();
    this.pinger = setInterval(() => this.ping(), every);
    this.ping();
  }

  stop(): void {
    clearInterval(this.pinger);
  }

  /** Something came. */
  heard(): void {
    this.last = this.now();
  }

  /** The time there and back, ms, of an answer; undefined for one that makes no sense. */
  delay(sentMicros: bigint): number | undefined {
    const delay = this.now() - Number(sentMicros) / 1000;
    return delay >= 0 ? delay : undefined;
  }

  private ping(): void {
    const now = this.now();
    if (now - this.last > deadAfter) this.options.onDead();
    else this.options.ping(BigInt(Math.round(now * 1000)));
  }
}
