import { afterEach, beforeAll, beforeEach, describe, expect, test, vi } from "vitest";
import { type PictureHead, takePicture } from "./picture";
import { ProtocolError } from "./protocol_error";
import type { Rect } from "./region";
import { ScreenDecoder } from "./screen";
import { ScreenFeed } from "./screen_feed";
import { testHeap } from "./viewertest/heap";
import { type Change, UpdateWriter } from "./viewertest/updates";
import { FakeDecoder, FakePicture } from "./viewertest/video";
import type { Heap } from "./zstd";

let heap: Heap;
beforeAll(async () => {
  heap = await testHeap();
});
beforeEach(() => {
  vi.useFakeTimers();
  vi.spyOn(console, "error").mockImplementation(() => {});
  FakeDecoder.all = [];
  FakePicture.open = 0;
});
afterEach(() => {
  vi.useRealTimers();
  vi.restoreAllMocks();
});

const size = { width: 8, height: 8 };

function setUp(sharedSize = 0, auto = true) {
  const pictures: (PictureHead & { buffer: ArrayBufferLike; rects: Rect[] })[] = [];
  const acks: { id: number; micros: number; queue: number }[] = [];
  const rates: number[] = [];
  const refresh = vi.fn();
  const canvas = { width: 0, red: new Uint8Array() };
  const posted: ArrayBufferLike[] = [];
  /** Puts a picture on the canvas, unless it was put already. */
  const take = (buffer: ArrayBufferLike): boolean => {
    const rects: Rect[] = [];
    const head = takePicture(
      buffer,
      ({ width, height }) => {
        if (canvas.width !== width) Object.assign(canvas, { width, red: new Uint8Array(width * height) });
      },
      ({ pixels, ...rect }) => {
        rects.push(rect);
        for (let i = 0; i < pixels.length / 4; i++) {
          const at = (rect.y + Math.floor(i / rect.w)) * canvas.width + rect.x + (i % rect.w);
          canvas.red[at] = pixels[i * 4 + 3] === 255 ? pixels[i * 4]! : 222;
        }
      },
    );
    if (head) pictures.push({ ...head, buffer, rects });
    return head !== undefined;
  };
  const feed = new ScreenFeed({
    decoder: new ScreenDecoder(heap),
    makeDecoder: (codec, events) => new FakeDecoder(codec, events),
    sharedSize,
    post: (buffer) => {
      posted.push(buffer);
      if (auto) take(buffer);
    },
    ack: (message) => {
      const view = new DataView(message.buffer);
      acks.push({ id: view.getUint32(0), micros: view.getUint32(4), queue: view.getUint8(8) });
    },
    refresh,
    onFrameRate: (fps) => rates.push(fps),
    now: () => Date.now(),
  });
  /** The page has put the last picture. */
  const shown = (more = true) => {
    const { buffer } = pictures.at(-1)!;
    feed.shown(buffer instanceof ArrayBuffer ? buffer : undefined, more);
  };
  /** Whatever was promised comes about. */
  const settle = () => vi.advanceTimersByTimeAsync(0);
  return { feed, writer: new UpdateWriter(), posted, take, pictures, acks, rates, refresh, canvas, shown, settle };
}

const dot = (x: number, y: number, red = 1): Change => ({ op: "fill", x, y, w: 2, h: 2, rgb: [red, 0, 0] });
const frame = (red: number, change: object = {}): Change => ({
  ...{ op: "video", x: 0, y: 0, w: 4, h: 4, stream: 0, codec: 1, key: red === 100 },
  data: Uint8Array.of(red),
  ...change,
});
const decoder = (at = 0) => FakeDecoder.all[at]!;

test("an update is acknowledged when the page shows it, also when it takes no other picture yet", () => {
  const { feed, writer, pictures, acks, shown } = setUp();
  feed.receive(writer.update({ ...size, id: 7 }, []));
  expect(pictures).toMatchObject([{ id: 7, width: 8, height: 8 }]);
  expect(acks).toEqual([]);
  vi.advanceTimersByTime(12);
  shown(false);
  expect(acks).toEqual([{ id: 7, micros: 12_000, queue: 0 }]);
  feed.receive(writer.update({}, []));
  expect(pictures).toHaveLength(1);
  feed.ready();
  expect(pictures).toHaveLength(2);
});

test("what comes while a picture is on its way goes with the next one, together, and one ack stands for it", () => {
  const { feed, writer, pictures, acks, shown } = setUp();
  feed.receive(writer.update({ ...size, id: 1 }, []));
  feed.receive(writer.update({}, [dot(0, 0)]));
  feed.receive(writer.update({}, [dot(4, 4)]));
  expect(pictures).toHaveLength(1);
  shown();
  expect(acks).toMatchObject([{ id: 1, queue: 2 }]);
  expect(pictures).toHaveLength(2);
  expect(pictures[1]).toMatchObject({ id: 3, rects: [{ x: 0 }, { x: 4 }] });
  shown();
  expect(acks.slice(1)).toMatchObject([{ id: 3, queue: 0 }]);
});

test("a small picture goes beside a large one that is on its way, when they have nothing in common", () => {
  const { feed, writer, posted, take, acks } = setUp(1 << 10, false);
  feed.receive(writer.update({ width: 40, height: 40, id: 1 }, []));
  feed.receive(writer.update({}, [dot(0, 0)])); // inside of what is on its way
  expect(posted).toHaveLength(1);
  take(posted[0]!);
  feed.shown(posted[0] as ArrayBuffer, true);
  take(posted[1]!);
  feed.shown(undefined, true);
  feed.receive(writer.update({}, [{ op: "fill", x: 0, y: 0, w: 40, h: 30, rgb: [1, 1, 1] }]));
  feed.receive(writer.update({}, [dot(10, 35)]));
  expect(posted.slice(2)).toEqual([expect.any(ArrayBuffer), expect.any(SharedArrayBuffer)]);
  feed.receive(writer.update({}, [dot(20, 35)])); // a third one is too many
  expect(posted).toHaveLength(4);
  take(posted[3]!); // early
  feed.shown(undefined, true);
  expect(acks.at(-1)).toMatchObject({ id: 2 }); // an ack stands for all before it
  take(posted[2]!);
  feed.shown(posted[2] as ArrayBuffer, true);
  expect(acks.at(-1)).toMatchObject({ id: 4, queue: 1 });
  expect(posted).toHaveLength(5);
});

test("an update without changes is acknowledged as well", () => {
  const { feed, writer, acks, shown } = setUp();
  feed.receive(writer.update({ ...size, id: 1 }, []));
  shown();
  feed.receive(writer.update({}, []));
  shown();
  expect(acks.map((a) => a.id)).toEqual([1, 2]);
});

test("after a lost connection nothing of it is acknowledged", async () => {
  const { feed, writer, acks, shown, settle } = setUp();
  feed.receive(writer.update({ ...size, id: 1 }, [frame(100)]));
  decoder().give();
  feed.reset();
  await settle();
  expect(FakePicture.open).toBe(0);
  feed.receive(new UpdateWriter().update({ ...size, id: 1 }, []));
  shown(); // of the one before
  expect(acks).toEqual([]);
  shown();
  expect(acks).toMatchObject([{ id: 1 }]);
});

test("a flood is refused", () => {
  const { feed, writer } = setUp();
  feed.receive(writer.update(size, []));
  expect(() => {
    for (let i = 0; i < 100; i++) feed.receive(writer.update({}, []));
  }).toThrow(ProtocolError);
});

test("the rate is told while it lasts, and that it is over", () => {
  const { feed, writer, rates, shown } = setUp();
  for (let i = 0; i < 30; i++) {
    feed.receive(writer.update(i === 0 ? size : {}, []));
    shown();
    vi.advanceTimersByTime(50);
  }
  expect(rates).toEqual([20]);
  vi.advanceTimersByTime(10_000);
  expect(rates.at(-1)).toBe(0);
  expect(vi.getTimerCount()).toBe(0);
});

describe("a video", () => {
  async function begun() {
    const all = setUp();
    const { feed, writer, shown, settle } = all;
    feed.receive(writer.update({ ...size, id: 1 }, []));
    shown();
    feed.receive(writer.update({}, [frame(100)]));
    decoder().give();
    await settle();
    shown();
    return all;
  }

  test("is shown in one picture with what came with it, and then acknowledged", async () => {
    const { feed, writer, pictures, acks, canvas, shown, settle } = await begun();
    expect(acks.at(-1)).toMatchObject({ id: 2, queue: 0 });
    feed.receive(writer.update({}, [dot(6, 6), frame(3)]));
    await settle();
    expect(pictures).toHaveLength(2); // held back
    vi.advanceTimersByTime(9);
    decoder().give();
    await settle();
    expect(pictures).toHaveLength(3);
    expect([canvas.red[0], canvas.red[6 * 8 + 6]]).toEqual([3, 1]);
    shown();
    expect(acks.at(-1)).toEqual({ id: 3, micros: 9000, queue: 0 });
    expect(FakePicture.open).toBe(0);
  });

  test("holds nothing back that comes later", async () => {
    const { feed, writer, pictures, acks, canvas, shown, settle } = await begun();
    feed.receive(writer.update({}, [dot(6, 6), frame(3)]));
    feed.receive(writer.update({}, [dot(6, 0, 9)]));
    expect(pictures).toHaveLength(3); // without waiting
    expect([canvas.red[0], canvas.red[6 * 8 + 6], canvas.red[6]]).toEqual([100, 1, 9]);
    shown();
    expect(acks.at(-1)).toMatchObject({ id: 2 }); // an ack stands for all before it, and a frame is still to come
    decoder().give();
    await settle();
    expect(canvas.red[0]).toBe(3);
    shown();
    expect(acks.at(-1)).toMatchObject({ id: 4, queue: 0 });
  });

  test("is passed by newer frames when the page is slow, and they are acknowledged together", async () => {
    const { feed, writer, pictures, acks, canvas, shown, settle } = await begun();
    for (const red of [3, 4, 5, 6]) {
      feed.receive(writer.update({}, [frame(red)]));
      decoder().give();
      await settle();
    }
    expect(pictures).toHaveLength(3);
    shown();
    await settle();
    expect(pictures).toHaveLength(4);
    expect(canvas.red[0]).toBe(6);
    expect(acks.at(-1)).toMatchObject({ id: 3, queue: 3 });
    shown();
    expect(acks.at(-1)).toMatchObject({ id: 6, queue: 0 });
    expect(FakePicture.open).toBe(0);
  });

  test("hides what changes below it, until it is revealed", async () => {
    const { feed, writer, pictures, canvas, shown } = await begun();
    feed.receive(writer.update({}, [{ op: "fill", x: 0, y: 0, w: 8, h: 8, rgb: [7, 0, 0] }]));
    expect([canvas.red[0], canvas.red[3 * 8 + 3], canvas.red[4]]).toEqual([100, 100, 7]);
    shown();
    feed.receive(writer.update({}, [{ op: "reveal", x: 0, y: 0, w: 3, h: 8 }]));
    expect(pictures.at(-1)!.rects).toEqual([{ x: 0, y: 0, w: 3, h: 4 }]);
    expect([canvas.red[0], canvas.red[3 * 8 + 3]]).toEqual([7, 100]);
  });

  test("that fails asks for a refresh, and for the next one only after a while", async () => {
    const { feed, writer, refresh, shown, acks } = await begun();
    feed.receive(writer.update({}, [frame(3)]));
    decoder().events.onError(new Error("broken"));
    await vi.advanceTimersByTimeAsync(0);
    expect(refresh).toHaveBeenCalledOnce();
    shown();
    expect(acks.at(-1)).toMatchObject({ id: 3 }); // it will not come
    feed.receive(new UpdateWriter().update(size, [frame(100)]));
    decoder(1).events.onError(new Error("broken"));
    await vi.advanceTimersByTimeAsync(1900);
    expect(refresh).toHaveBeenCalledOnce();
    await vi.advanceTimersByTimeAsync(200);
    expect(refresh).toHaveBeenCalledTimes(2);
    feed.receive(new UpdateWriter().update(size, [frame(100)]));
    decoder(2).events.onError(new Error("broken"));
    feed.receive(new UpdateWriter().update(size, [])); // the refresh that would be asked for
    await vi.advanceTimersByTimeAsync(5000);
    expect(refresh).toHaveBeenCalledTimes(2);
  });

  test("with a smaller picture than its place fails", async () => {
    const { feed, writer, refresh, settle } = await begun();
    feed.receive(writer.update({}, [frame(3, { data: Uint8Array.of(3, 4, 3) })]));
    decoder().give();
    await settle();
    await settle();
    expect(refresh).toHaveBeenCalledOnce();
    expect(FakePicture.open).toBe(0);
  });

  test.each([0, 1 << 10, 512 << 10])(
    "whatever comes in whatever order, the page ends with the client's picture (shared memory: %j)",
    async (sharedSize) => {
      let seed = 3;
      const random = (below: number) => {
        seed = (Math.imul(seed, 1664525) + 1013904223) >>> 0;
        return Math.floor((seed / 2 ** 32) * below);
      };
      const side = 40;
      for (let round = 0; round < 30; round++) {
        FakeDecoder.all = [];
        const { feed, writer, posted, take, acks, canvas, settle } = setUp(sharedSize, false);
        const surface = new Uint8Array(side * side);
        const over = [0, 1].map(() => new Int16Array(side * side).fill(-1));
        const each = (r: Rect, set: (at: number) => void) => {
          for (let y = r.y; y < r.y + r.h; y++) for (let x = r.x; x < r.x + r.w; x++) set(y * side + x);
        };
        const step = async () => {
          const waiting = FakeDecoder.all.filter((d) => d.waiting.length > 0);
          if (waiting.length > 0 && random(2) === 0) waiting[random(waiting.length)]!.give();
          if (random(3) > 0) await settle();
          const early = posted.find((buffer) => buffer instanceof SharedArrayBuffer);
          const buffer = random(2) === 0 ? early : random(2) === 0 ? posted.shift() : undefined;
          if (!buffer || !take(buffer)) return;
          const more = random(3) > 0;
          feed.shown(buffer instanceof ArrayBuffer ? buffer : undefined, more);
          if (!more) feed.ready();
        };
        feed.receive(writer.update({ width: side, height: side, id: 1 }, []));
        for (let n = 0; n < 40; n++) {
          const changes: Change[] = [];
          for (let i = random(4); i > 0; i--) {
            const [x, y] = [random(side - 1), random(side - 1)];
            const place = { x, y, w: 1 + random(side - x - 1), h: 1 + random(side - y - 1) };
            const red = 1 + random(99);
            const stream = random(2);
            if (random(3) === 0) {
              // Each stream in a half of its own: which of two lies above the other is nobody's promise.
              const half = { x: stream * 20 + random(10), y: random(20), w: 1 + random(9), h: 1 + random(19) };
              changes.push(frame(red, { ...half, stream, key: true }));
              over[stream]!.fill(-1);
              each(half, (at) => (over[stream]![at] = red));
            } else if (random(2) === 0) {
              changes.push({ op: "reveal", ...place });
              for (const o of over) each(place, (at) => (o[at] = -1));
            } else {
              changes.push({ op: "fill", ...place, rgb: [red, 0, 0] });
              each(place, (at) => (surface[at] = red));
            }
          }
          feed.receive(writer.update({}, changes));
          for (let i = random(5); i > 0; i--) await step();
        }
        for (let i = 0; i < 300; i++) await step();
        const wanted = surface.map((red, at) =>
          over[0]![at]! >= 0 ? over[0]![at]! : over[1]![at]! >= 0 ? over[1]![at]! : red,
        );
        expect(canvas.red).toEqual(wanted);
        expect(acks.at(-1)).toMatchObject({ id: 41, queue: 0 });
        expect(FakePicture.open).toBe(0);
        feed.reset();
      }
    },
  );
});
