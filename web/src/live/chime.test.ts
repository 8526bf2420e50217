import { afterEach, beforeEach, expect, test, vi } from "vitest";

class FakeAudio {
  static last: FakeAudio;
  state = "suspended";
  currentTime = 0;
  readonly destination = {};
  readonly tones: number[] = [];

  constructor() {
    FakeAudio.last = this;
  }

  async resume(): Promise<void> {
    this.state = "running";
  }

  async suspend(): Promise<void> {
    this.state = "suspended";
  }

  createOscillator() {
    const frequency = { value: 0 };
    const start = () => this.tones.push(frequency.value);
    return { frequency, start, stop: () => {}, connect: (to: unknown) => to };
  }

  createGain() {
    const nothing = () => {};
    const gain = { setValueAtTime: nothing, linearRampToValueAtTime: nothing, exponentialRampToValueAtTime: nothing };
    return { gain, connect: nothing };
  }
}

beforeEach(() => {
  vi.resetModules();
  vi.useFakeTimers();
  vi.stubGlobal("AudioContext", FakeAudio);
});
afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

test("the sound is played once it is allowed; between sounds the browser rests", async () => {
  const { allowSound, chime } = await import("./chime");
  chime(); // not allowed yet
  allowSound();
  const { last } = FakeAudio;
  await vi.advanceTimersByTimeAsync(0);
  expect(last.state).toBe("running");
  await vi.advanceTimersByTimeAsync(1500);
  expect(last.state).toBe("suspended");
  chime();
  await vi.advanceTimersByTimeAsync(1000);
  expect(last.tones).toEqual([659.26, 987.77]);
  chime();
  await vi.advanceTimersByTimeAsync(1000);
  expect(last.state).toBe("running"); // until the second one is through
  await vi.advanceTimersByTimeAsync(500);
  expect(last.state).toBe("suspended");
  expect(last.tones).toHaveLength(4);
});
