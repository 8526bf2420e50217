import { afterEach, beforeEach, expect, test, vi } from "vitest";
import type { Codec } from "./decoders/video";
import { Overlays } from "./overlays";
import type { Rect } from "./region";
import { FakeDecoder, FakePicture } from "./viewertest/video";

beforeEach(() => {
  vi.useFakeTimers();
  FakeDecoder.all = [];
  FakePicture.open = 0;
});
afterEach(() => void vi.useRealTimers());

const place = { x: 10, y: 20, w: 64, h: 48 };

function setUp() {
  const errors: unknown[] = [];
  const onProgress = vi.fn();
  const overlays = new Overlays({
    makeDecoder: (codec, events) => new FakeDecoder(codec, events),
    onProgress,
    onFailed: (error) => errors.push(error),
    now: () => Date.now(),
  });
  const showing = () => ({ pending: 0, unpainted: 0 });
  const decode = (change: { stream?: number; codec?: Codec; key?: boolean; red?: number } & Partial<Rect> = {}) => {
    const { red = 1, ...rest } = change;
    const of = showing();
    overlays.decode({ ...place, stream: 0, codec: 1, key: false, scale: 1, ...rest, data: Uint8Array.of(red) }, of);
    return of;
  };
  const take = () => {
    const damage: Rect[] = [];
    const paintings = overlays.take((rect) => damage.push(rect));
    for (const { picture } of paintings) picture.close();
    return { damage, paintings };
  };
  return { overlays, errors, onProgress, decode, take };
}

const decoder = (at = 0) => FakeDecoder.all[at]!;

test("a frame is decoded, painted in its place, and hides the surface there", () => {
  const { overlays, decode, take, onProgress } = setUp();
  const showing = decode({ key: true });
  expect(showing).toEqual({ pending: 1, unpainted: 1 });
  expect(overlays.ready).toBe(false);
  decoder().give();
  expect(onProgress).toHaveBeenCalledOnce();
  expect(showing).toEqual({ pending: 0, unpainted: 1 });
  expect(overlays.ready).toBe(true);
  expect(overlays.visible(place)).toEqual([place]);
  const { damage, paintings } = take();
  expect(paintings).toMatchObject([{ stream: 0, place, pieces: [place], showing }]);
  expect(damage).toEqual([]);
  expect(overlays.visible(place)).toEqual([]);
  expect(overlays.visible({ x: 0, y: 30, w: 20, h: 5 })).toEqual([{ x: 0, y: 30, w: 10, h: 5 }]);
});

test("the newest decoded frame is painted; the ones before it are dropped, and so are frames without a picture", () => {
  const { decode, take } = setUp();
  const showings = [decode({ key: true }), decode(), decode(), decode()];
  decoder().give();
  decoder().skip();
  decoder().give();
  expect(showings.map((s) => s.unpainted)).toEqual([0, 0, 1, 1]);
  expect(showings.map((s) => s.pending)).toEqual([0, 0, 0, 1]);
  expect(take().paintings).toHaveLength(1);
  expect(FakePicture.open).toBe(0);
});

test("a frame at another place uncovers what it leaves", () => {
  const { overlays, decode, take } = setUp();
  decode({ key: true });
  decoder().give();
  take();
  decode({ x: 20 });
  expect(overlays.visible(place)).toEqual([]); // until it is painted
  decoder().give();
  expect(take().damage).toEqual([{ x: 10, y: 20, w: 10, h: 48 }]);
});

test("a reveal takes away what is shown, and what is not decoded or painted yet", () => {
  const { overlays, decode, take } = setUp();
  decode({ key: true });
  decoder().give();
  take();
  decode();
  decoder().give();
  decode();
  const damage: Rect[] = [];
  overlays.reveal({ x: 0, y: 0, w: 30, h: 100 }, (rect) => damage.push(rect));
  expect(damage).toEqual([{ x: 10, y: 20, w: 20, h: 48 }]);
  const rest = [{ x: 30, y: 20, w: 44, h: 48 }];
  expect(take().paintings).toMatchObject([{ place, pieces: rest }]);
  decoder().give();
  expect(take().paintings).toMatchObject([{ place, pieces: rest }]);
  decode();
  decoder().give(); // came after the reveal
  expect(take().paintings).toMatchObject([{ place, pieces: [place] }]);
});

test("what is left in too many pieces is taken away", () => {
  const { overlays, decode, take } = setUp();
  decode({ key: true });
  decoder().give();
  take();
  const damage: Rect[] = [];
  for (let i = 0; i < 64; i++)
    overlays.reveal({ x: 11 + (i % 30) * 2, y: 22 + Math.floor(i / 30) * 2, w: 1, h: 1 }, (r) => damage.push(r));
  expect(overlays.visible(place)).toEqual([place]);
  const covered = new Set<string>();
  for (const { x, y, w, h } of damage)
    for (let b = y; b < y + h; b++) for (let a = x; a < x + w; a++) covered.add(`${a} ${b}`);
  expect(covered.size).toBe(64 * 48);
});

test("streams and codecs have decoders of their own", () => {
  const { overlays, decode } = setUp();
  decode({ key: true });
  decode({ key: true, stream: 3 });
  decode({ key: true, codec: 2 });
  expect(FakeDecoder.all.map((d) => [d.codec, d.closed])).toEqual([
    [1, true],
    [1, false],
    [2, false],
  ]);
  overlays.clear();
  expect(FakeDecoder.all.every((d) => d.closed)).toBe(true);
  expect(vi.getTimerCount()).toBe(0);
});

test("after a restart a video begins with a key frame; a decoder goes on", () => {
  const { overlays, decode, errors, take } = setUp();
  decode({ key: true });
  overlays.restart();
  decode({ key: true });
  expect(FakeDecoder.all).toHaveLength(1);
  decoder().give();
  take();
  overlays.restart();
  decode();
  expect(errors).toHaveLength(1);
});

test("a video that does not begin with a key frame is told once, and comes back with one", () => {
  const { decode, errors, take } = setUp();
  expect(decode()).toEqual({ pending: 0, unpainted: 0 });
  decode();
  expect(errors).toHaveLength(1);
  decode({ key: true });
  decoder().give();
  expect(take().paintings).toHaveLength(1);
});

test.each<[string, (decode: (change: object) => void) => void]>([
  ["throws", (decode) => decode({ red: 255 })],
  ["fails later", () => decoder().events.onError(new Error("broken"))],
  ["does not answer", () => void vi.advanceTimersByTime(6000)],
  [
    "is too slow",
    (decode) => {
      for (let i = 0; i < 32; i++) decode({});
    },
  ],
])("a decoder that %s is closed; its frames are dropped until a key frame", (_, fail) => {
  const { decode, errors, take, overlays } = setUp();
  const showing = decode({ key: true });
  fail(decode);
  expect(errors).toHaveLength(1);
  expect(decoder().closed).toBe(true);
  expect(showing).toEqual({ pending: 0, unpainted: 0 });
  expect(decode()).toEqual({ pending: 0, unpainted: 0 });
  decoder().events.onError(new Error("late"));
  decoder().events.onPicture(new FakePicture(1, 64, 64) as unknown as VideoFrame, 0);
  expect(errors).toHaveLength(1);
  decode({ key: true });
  decoder(1).give();
  expect(take().paintings).toHaveLength(1);
  expect(FakePicture.open).toBe(0);
  overlays.clear();
});

test("nothing is left of what was cleared", () => {
  const { overlays, decode, take } = setUp();
  decode({ key: true });
  decoder().give();
  take();
  const decoded = decode();
  decoder().give();
  const pending = decode();
  overlays.clear();
  expect([decoded, pending]).toEqual(Array(2).fill({ pending: 0, unpainted: 0 }));
  expect(overlays.visible(place)).toEqual([place]);
  expect(FakePicture.open).toBe(0);
});
