// The wheel, in 1/120 of a notch.

/** The parts of a WheelEvent that count. wheelDelta is not in the standard, but in every browser. */
export interface Turn {
  readonly deltaX: number;
  readonly deltaY: number;
  readonly deltaMode: number;
  readonly wheelDeltaX?: number;
  readonly wheelDeltaY?: number;
}

// Without wheelDelta: a notch is 100 pixels, 3 lines or a third of a page.
const aNotch = [100, 3, 1 / 3];
const most = 32767;

/** Wheel keeps the fractions that do not make a 1/120 yet. */
export class Wheel {
  private restX = 0;
  private restY = 0;

  /** The turn as whole steps; undefined when there is none yet. */
  turn(e: Turn): { dx: number; dy: number } | undefined {
    const notch = 120 / (aNotch[e.deltaMode] ?? 100);
    const x = this.restX + (e.wheelDeltaX ? -e.wheelDeltaX : e.deltaX * notch);
    const y = this.restY + (e.wheelDeltaY ? -e.wheelDeltaY : e.deltaY * notch);
    const dx = clamp(Math.trunc(x));
    const dy = clamp(Math.trunc(y));
    this.restX = clamp(x - dx);
    this.restY = clamp(y - dy);
    return dx === 0 && dy === 0 ? undefined : { dx, dy };
  }
}

function clamp(n: number): number {
  return Math.max(-most, Math.min(most, n));
}
