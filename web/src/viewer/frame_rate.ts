/** Counts updates shown in the last second. Times are ms of one clock. */
export class FrameRate {
  private readonly times = new Float64Array(256); // more in a second count as this many
  private begin = 0;
  private count = 0;

  shown(now: number): void {
    const { times } = this;
    if (this.count === times.length) {
      this.begin = (this.begin + 1) % times.length;
      this.count--;
    }
    times[(this.begin + this.count) % times.length] = now;
    this.count++;
  }

  perSecond(now: number): number {
    while (this.count > 0 && this.times[this.begin]! < now - 1000) {
      this.begin = (this.begin + 1) % this.times.length;
      this.count--;
    }
    return this.count;
  }
}
