import { afterEach, beforeAll, beforeEach, expect, test, vi } from "vitest";
import { type PictureHead, takePicture } from "./picture";
import { ProtocolError } from "./protocol_error";
import { ScreenDecoder } from "./screen";
import { ScreenFeed } from "./screen_feed";
import { testHeap } from "./viewertest/heap";
import { UpdateWriter } from "./viewertest/updates";
import type { Heap } from "./zstd";

let heap: Heap;
beforeAll(async () => {
  heap = await testHeap();
});
beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

const size = { width: 8, height: 8 };

function setUp() {
  const pictures: (PictureHead & { buffer: ArrayBuffer })[] = [];
  const acks: { id: number; micros: number; queue: number }[] = [];
  const rates: number[] = [];
  const feed = new ScreenFeed({
    decoder: new ScreenDecoder(heap),
    shared: false,
    post: (buffer) => {
      const head = takePicture(
        buffer,
        () => {},
        () => {},
      );
      pictures.push({ ...head!, buffer: buffer as ArrayBuffer });
    },
    ack: (message) => {
      const view = new DataView(message.buffer);
      acks.push({ id: view.getUint32(0), micros: view.getUint32(4), queue: view.getUint8(8) });
    },
    onFrameRate: (fps) => rates.push(fps),
    now: () => Date.now(),
  });
  return { feed, writer: new UpdateWriter(), pictures, acks, rates };
}

test("an update is acknowledged when the page shows it", () => {
  const { feed, writer, pictures, acks } = setUp();
  feed.receive(writer.update({ ...size, id: 7 }, []));
  expect(pictures).toMatchObject([{ id: 7, width: 8, height: 8 }]);
  expect(acks).toEqual([]);
  vi.advanceTimersByTime(12);
  feed.shown(pictures[0]!.buffer);
  expect(acks).toEqual([{ id: 7, micros: 12_000, queue: 0 }]);
});

test("what comes while a picture is on its way goes with the next one, together", () => {
  const { feed, writer, pictures, acks } = setUp();
  feed.receive(writer.update({ ...size, id: 1 }, []));
  feed.receive(writer.update({}, [{ op: "fill", x: 0, y: 0, w: 2, h: 2, rgb: [1, 1, 1] }]));
  feed.receive(writer.update({}, [{ op: "fill", x: 4, y: 4, w: 2, h: 2, rgb: [2, 2, 2] }]));
  expect(pictures).toHaveLength(1);
  feed.shown(pictures[0]!.buffer);
  expect(acks).toMatchObject([{ id: 1, queue: 2 }]);
  expect(pictures).toHaveLength(2);
  expect(pictures[1]).toMatchObject({ id: 3 });
  feed.shown(pictures[1]!.buffer);
  expect(acks.slice(1)).toMatchObject([
    { id: 2, queue: 0 },
    { id: 3, queue: 0 },
  ]);
});

test("an update without changes is acknowledged as well", () => {
  const { feed, writer, pictures, acks } = setUp();
  feed.receive(writer.update({ ...size, id: 1 }, []));
  feed.shown(pictures[0]!.buffer);
  feed.receive(writer.update({}, []));
  feed.shown(pictures[1]!.buffer);
  expect(acks.map((a) => a.id)).toEqual([1, 2]);
});

test("after a lost connection nothing of it is acknowledged", () => {
  const { feed, writer, pictures, acks } = setUp();
  feed.receive(writer.update({ ...size, id: 1 }, []));
  feed.reset();
  feed.shown(pictures[0]!.buffer);
  expect(acks).toEqual([]);
  feed.receive(new UpdateWriter().update({ ...size, id: 1 }, []));
  feed.shown(pictures[1]!.buffer);
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
  const { feed, writer, pictures, rates } = setUp();
  for (let i = 0; i < 30; i++) {
    feed.receive(writer.update(i === 0 ? size : {}, []));
    feed.shown(pictures.at(-1)!.buffer);
    vi.advanceTimersByTime(50);
  }
  expect(rates).toEqual([20]);
  vi.advanceTimersByTime(10_000);
  expect(rates.at(-1)).toBe(0);
  expect(vi.getTimerCount()).toBe(0);
});
