import { beforeAll, expect, test } from "vitest";
import { Overlays } from "./overlays";
import { Packer, takePicture } from "./picture";
import { ScreenDecoder } from "./screen";
import { testHeap } from "./viewertest/heap";
import { UpdateWriter } from "./viewertest/updates";
import { FakeDecoder } from "./viewertest/video";
import type { Heap } from "./zstd";

let heap: Heap;
beforeAll(async () => {
  heap = await testHeap();
});

const nothing = () => {};

function setUp(shared: boolean, width = 61, height = 43) {
  const decoder = new ScreenDecoder(heap);
  const writer = new UpdateWriter();
  decoder.decode(writer.update({ width, height, id: 1 }, []));
  const overlays = new Overlays({
    makeDecoder: (codec, events) => new FakeDecoder(codec, events),
    onProgress: nothing,
    onFailed: nothing,
    now: () => 0,
  });
  const packer = new Packer(shared ? 512 << 10 : 0);
  const pack = (id: number) => packer.pack(id, decoder, overlays).buffer as ArrayBufferLike;
  return { decoder, writer, packer, pack };
}

test.each([false, true])("a picture (shared: %j) is taken once, with all that has changed", (shared) => {
  const { decoder, writer, pack } = setUp(shared);
  pack(1);
  decoder.decode(writer.update({}, [{ op: "fill", x: 3, y: 4, w: 2, h: 1, rgb: [1, 2, 3] }]));
  const buffer = pack(2);
  expect(buffer).toBeInstanceOf(shared ? SharedArrayBuffer : ArrayBuffer);
  const rects: object[] = [];
  const head = { id: 2, after: 2, width: 61, height: 43 };
  expect(takePicture(buffer, nothing, ({ pixels, ...rect }) => rects.push({ ...rect, pixels: [...pixels] }))).toEqual(
    head,
  );
  expect(rects).toEqual([{ x: 3, y: 4, w: 2, h: 1, pixels: [1, 2, 3, 255, 1, 2, 3, 255] }]);
  expect(takePicture(buffer, nothing, nothing)).toBeUndefined();
});

test("a large picture is handed over even where memory can be shared", () => {
  const { decoder, pack } = setUp(true, 400, 400);
  expect(pack(1)).toBeInstanceOf(ArrayBuffer);
  decoder.damage.add(0, 0, 10, 10);
  expect(pack(2)).toBeInstanceOf(SharedArrayBuffer);
});

test.each([false, true])("many pictures (shared: %j) use one buffer", (shared) => {
  const { decoder, packer, pack } = setUp(shared);
  const first = pack(1);
  for (let i = 0; i < 5; i++) {
    if (first instanceof ArrayBuffer) packer.giveBack(first);
    decoder.damage.add(0, 0, 61, 43);
    expect(pack(2)).toBe(first);
  }
});
