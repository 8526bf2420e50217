import { beforeAll, describe, expect, test, vi } from "vitest";
import { readHeader } from "./header";
import { ProtocolError } from "./protocol_error";
import { ScreenDecoder } from "./screen";
import { testHeap } from "./viewertest/heap";
import { type Change, inflated, UpdateWriter } from "./viewertest/updates";
import type { Heap } from "./zstd";

let heap: Heap;
beforeAll(async () => {
  heap = await testHeap();
});

/** A picture in plain JavaScript, drawn pixel by pixel: what the decoder must agree with. */
class Plain {
  readonly rgba: Uint8Array;
  readonly width: number;
  readonly height: number;

  constructor(width: number, height: number) {
    this.width = width;
    this.height = height;
    this.rgba = new Uint8Array(width * height * 4);
    for (let i = 3; i < this.rgba.length; i += 4) this.rgba[i] = 255;
  }

  draw(changes: Change[]): void {
    for (const c of changes) {
      const before = this.rgba.slice();
      for (let row = 0; row < c.h; row++) {
        for (let column = 0; column < c.w; column++) {
          const to = ((c.y + row) * this.width + c.x + column) * 4;
          if (c.op === "fill") this.rgba.set([...c.rgb, 255], to);
          else if (c.op === "copy" || c.op === "pixels") {
            const from = c.op === "copy" ? ((c.sy + row) * this.width + c.sx + column) * 4 : (row * c.w + column) * 4;
            this.rgba.set((c.op === "copy" ? before : c.pixels).subarray(from, from + 4), to);
          }
        }
      }
    }
  }
}

function noise(w: number, h: number, seed: number): Uint8Array {
  const pixels = new Uint8Array(w * h * 4);
  let s = seed;
  for (let i = 0; i < pixels.length; i++) {
    s = (Math.imul(s, 1103515245) + 12345) >>> 0;
    pixels[i] = i % 4 === 3 ? 255 : s >>> 24;
  }
  return pixels;
}

function picture(decoder: ScreenDecoder): Uint8Array {
  const { surface } = decoder;
  const out = new Uint8Array(surface.width * surface.height * 4);
  surface.read(0, 0, surface.width, surface.height, out, 0);
  return out;
}

describe("a stream of updates", () => {
  const size = { width: 61, height: 43 };
  const steps: Change[][] = [
    [{ op: "pixels", x: 0, y: 0, w: 61, h: 43, pixels: noise(61, 43, 1) }],
    [],
    [{ op: "fill", x: 0, y: 5, w: 61, h: 3, rgb: [1, 2, 3] }],
    [{ op: "fill", x: 7, y: 5, w: 9, h: 30, rgb: [255, 128, 0] }],
    [{ op: "copy", x: 3, y: 2, w: 40, h: 30, sx: 3, sy: 9 }],
    [{ op: "copy", x: 3, y: 9, w: 40, h: 30, sx: 3, sy: 2 }],
    [{ op: "copy", x: 10, y: 4, w: 40, h: 30, sx: 5, sy: 4 }],
    [{ op: "copy", x: 5, y: 4, w: 40, h: 30, sx: 10, sy: 4 }],
    [
      { op: "pixels", x: 50, y: 40, w: 11, h: 3, pixels: noise(11, 3, 2) },
      { op: "copy", x: 0, y: 0, w: 11, h: 3, sx: 50, sy: 40 },
      { op: "pixels", x: 1, y: 1, w: 1, h: 1, pixels: noise(1, 1, 3) },
      { op: "fill", x: 60, y: 42, w: 1, h: 1, rgb: [9, 9, 9] },
    ],
  ];

  test("gives exactly the pixels that the client saw", () => {
    const decoder = new ScreenDecoder(heap);
    const writer = new UpdateWriter();
    const wanted = new Plain(size.width, size.height);
    for (const [i, changes] of steps.entries()) {
      expect(decoder.decode(writer.update(i === 0 ? { ...size, id: 100 } : {}, changes)).id).toBe(100 + i);
      wanted.draw(changes);
      expect(picture(decoder)).toEqual(wanted.rgba);
    }
  });

  test("a refresh takes a new size and clears", () => {
    const decoder = new ScreenDecoder(heap);
    decoder.decode(new UpdateWriter().update({ ...size }, steps[0]!));
    decoder.decode(new UpdateWriter().update({ width: 5, height: 4 }, []));
    expect(decoder.surface).toMatchObject({ width: 5, height: 4 });
    expect(picture(decoder)).toEqual(new Plain(5, 4).rgba);
    expect([...decoder.damage.rects.subarray(0, 4)]).toEqual([0, 0, 5, 4]);
  });
});

describe("what is refused", () => {
  const size = { width: 16, height: 16 };
  const fresh = () => new UpdateWriter();
  const body = (...bytes: number[]) => Uint8Array.from(bytes);
  const all = { x: 0, y: 0, w: 16, h: 16 };
  const frame = (change: object = {}): Change => ({ op: "video", ...all, key: true, data: body(1, 2, 3), ...change });
  const bad: [string, () => Uint8Array][] = [
    ["nothing", () => body()],
    ["half a header", () => fresh().update(size, []).subarray(0, 11)],
    ["a time without end", () => body(0, ...Array(11).fill(0x80), 0)],
    ["no width", () => fresh().update({ width: 0, height: 16 }, [])],
    ["too wide", () => fresh().update({ width: 16385, height: 1 }, [])],
    ["too many pixels", () => fresh().update({ width: 16384, height: 4097 }, [])],
    ["a bomb by its header", () => fresh().message({ ...size, inflated: 70_000 }, body(0, 0))],
    ["a bomb of 32 bits", () => fresh().message({ ...size, inflated: 0xffff_ffff }, body(0, 0))],
    ["less than it says", () => fresh().message({ ...size, inflated: 3 }, body(0, 0))],
    ["more than it says", () => fresh().message({ ...size, inflated: 2 }, body(0, 0, 0))],
    ["no zstd", () => fresh().update(size, []).fill(7, 13)],
    ["a window of 16 MiB", () => fresh().update(size, []).fill(0x70, 18, 19)],
    ["an unknown change", () => fresh().message(size, body(0, 1, 8, 0, 0, 0, 0, 0, 1, 0, 1))],
    ["a change that is cut off", () => fresh().message(size, body(0, 1, 2, 0, 0, 0))],
    ["operands that are cut off", () => fresh().message(size, body(0, 1, 1, 0, 0, 0, 0, 0, 1, 0, 1, 0))],
    ["pixels that are missing", () => fresh().message(size, body(0, 1, 3, 0, 0, 0, 0, 0, 1, 0, 1))],
    ["bytes left over", () => fresh().message(size, body(0, 0, 1))],
    ["an empty change", () => fresh().update(size, [{ op: "fill", x: 0, y: 0, w: 0, h: 1, rgb: [0, 0, 0] }])],
    ["outside, right", () => fresh().update(size, [{ op: "fill", x: 9, y: 0, w: 8, h: 1, rgb: [0, 0, 0] }])],
    ["outside, below", () => fresh().update(size, [{ op: "fill", x: 0, y: 16, w: 1, h: 1, rgb: [0, 0, 0] }])],
    ["a copy from outside", () => fresh().update(size, [{ op: "copy", x: 0, y: 0, w: 8, h: 8, sx: 9, sy: 0 }])],
    ["copies without end", () => fresh().update(size, Array(71).fill({ op: "copy", ...all, sx: 0, sy: 0 }))],
    ["reveals without end", () => fresh().update(size, Array(71).fill({ op: "reveal", ...all }))],
    ["a reveal outside", () => fresh().update(size, [{ op: "reveal", x: 1, y: 0, w: 16, h: 16 }])],
    ["a slot that was never kept", () => fresh().update(size, [{ op: "recall", ...all, slot: 0 }])],
    [
      "a slot that was kept, but not yet",
      () =>
        fresh().update(size, [
          { op: "recall", ...all, slot: 0 },
          { op: "keep", ...all, slot: 0 },
        ]),
    ],
    [
      "a slot with another size",
      () =>
        fresh().update(size, [
          { op: "keep", ...all, slot: 0 },
          { op: "recall", x: 0, y: 0, w: 16, h: 15, slot: 0 },
        ]),
    ],
    ["a slot that is none", () => fresh().update(size, [{ op: "keep", ...all, slot: 4096 }])],
    ["a fifth video", () => fresh().update(size, [frame({ stream: 4 })])],
    ["codec 0", () => fresh().update(size, [frame({ codec: 0 })])],
    ["codec 5", () => fresh().update(size, [frame({ codec: 5 })])],
    ["an empty frame", () => fresh().update(size, [frame({ data: body() })])],
    ["a frame outside", () => fresh().update(size, [frame({ x: 1 })])],
    ["a frame that is cut off", () => fresh().update(size, [frame({ bytes: 4 })])],
    ["a frame of 4 GiB", () => fresh().update(size, [frame({ bytes: 0xffff_ffff })])],
    ["a frame and more", () => fresh().update(size, [frame({ bytes: 2 })])],
    ["attachments of nobody", () => fresh().update({ ...size, attachments: body(1) }, [])],
    ["more zstd bytes than there are", () => fresh().update({ ...size, packed: 100 }, [])],
    ["fewer zstd bytes than there are", () => fresh().update({ ...size, packed: 10 }, [])],
    ["no refresh at first", () => fresh().update({}, [])],
    ["no refresh at first, but a restart", () => fresh().update({ restart: true }, [])],
  ];

  test.each(bad)("%s", (_, message) => {
    const decoder = new ScreenDecoder(heap);
    expect(() => decoder.decode(message())).toThrow(ProtocolError);
    decoder.reset();
  });

  test("an update after one that failed", () => {
    const decoder = new ScreenDecoder(heap);
    const writer = fresh();
    decoder.decode(writer.update({ ...size }, []));
    decoder.reset();
    expect(() => decoder.decode(writer.update({}, []))).toThrow(ProtocolError);
    decoder.decode(fresh().update(size, []));
    expect(() => decoder.decode(Uint8Array.of(0))).toThrow(ProtocolError);
    expect(() => decoder.decode(fresh().update({ restart: true }, []))).toThrow(ProtocolError);
  });

  test("a stream that goes on after its end", () => {
    const message = fresh().update({ ...size }, []);
    message[19]! |= 1; // the first block is the last one
    const decoder = new ScreenDecoder(heap);
    decoder.decode(message);
    expect(() => decoder.decode(new UpdateWriter().update({}, []))).toThrow(ProtocolError);
  });

  test("no mutation of an update does harm", () => {
    const good = fresh().update({ ...size }, [
      { op: "fill", x: 1, y: 2, w: 3, h: 4, rgb: [5, 6, 7] },
      { op: "pixels", x: 0, y: 0, w: 4, h: 4, pixels: noise(4, 4, 5) },
      { op: "copy", x: 8, y: 8, w: 8, h: 8, sx: 0, sy: 0 },
      { op: "keep", ...all, slot: 4095 },
      { op: "recall", ...all, slot: 4095 },
      { op: "video", x: 1, y: 1, w: 5, h: 5, stream: 2, key: true, data: body(1, 2, 3) },
      { op: "reveal", x: 0, y: 0, w: 2, h: 2 },
    ]);
    const decoder = new ScreenDecoder(heap);
    const attempt = (message: Uint8Array) => {
      try {
        decoder.decode(message);
      } catch (error) {
        expect(error).toBeInstanceOf(ProtocolError);
      }
    };
    for (let n = 0; n < good.length; n++) attempt(good.subarray(0, n));
    for (let at = 0; at < good.length; at++) {
      // The sizes of a surface that is allowed and large take long, and are tried above.
      if (at >= 8 && at < 12) continue;
      for (const value of [0, 1, 0x7f, 0x80, 0xff, good[at]! ^ 1]) {
        const mutant = good.slice();
        mutant[at] = value;
        attempt(mutant);
      }
    }
    const writer = fresh();
    decoder.decode(writer.update({ ...size }, []));
    expect(picture(decoder)).toEqual(new Plain(16, 16).rgba);
  });
});

describe("tiles", () => {
  const size = { width: 150, height: 70 };
  const all = { x: 0, y: 0, w: 150, h: 70 };

  test("are kept as the surface is in between, and drawn elsewhere", () => {
    const decoder = new ScreenDecoder(heap);
    const writer = new UpdateWriter();
    const [first, second] = [noise(150, 70, 1), noise(150, 70, 2)];
    decoder.decode(
      writer.update(size, [
        { op: "pixels", ...all, pixels: first },
        { op: "keep", ...all, slot: 62 }, // over the border of two slabs
        { op: "pixels", ...all, pixels: second },
      ]),
    );
    expect(picture(decoder)).toEqual(second);
    decoder.damage.clear();
    decoder.decode(writer.update({}, [{ op: "recall", ...all, slot: 62 }]));
    expect(picture(decoder)).toEqual(first);
    expect([...decoder.damage.rects.subarray(0, 4)]).toEqual([0, 0, 150, 70]);
    decoder.decode(writer.update({}, [{ op: "recall", x: 3, y: 5, w: 64, h: 64, slot: 63 }]));
    const wanted = new Plain(150, 70);
    wanted.draw([
      { op: "pixels", ...all, pixels: first },
      { op: "copy", x: 3, y: 5, w: 64, h: 64, sx: 64, sy: 0 },
    ]);
    expect(picture(decoder)).toEqual(wanted.rgba);
  });

  test.each(["a restart", "a refresh"])("are forgotten by %s, and their memory is given back", (what) => {
    const decoder = new ScreenDecoder(heap);
    const free = vi.spyOn(heap, "free");
    const writer = new UpdateWriter();
    decoder.decode(writer.update(size, [{ op: "keep", ...all, slot: 0 }]));
    free.mockClear();
    const options = what === "a restart" ? { restart: true } : size;
    decoder.decode(writer.update(options, []));
    expect(free.mock.calls.filter(([ptr]) => ptr !== 0)).toHaveLength(1);
    free.mockRestore();
    expect(() => decoder.decode(writer.update({}, [{ op: "recall", ...all, slot: 0 }]))).toThrow(ProtocolError);
  });
});

test("a restart leaves the picture", () => {
  const decoder = new ScreenDecoder(heap);
  const writer = new UpdateWriter();
  const pixels = noise(8, 8, 1);
  decoder.decode(
    writer.update({ width: 8, height: 8, id: 0xffff_ffff }, [{ op: "pixels", x: 0, y: 0, w: 8, h: 8, pixels }]),
  );
  decoder.damage.clear();
  expect(decoder.decode(writer.update({ restart: true, id: 7 }, []))).toEqual({
    id: 7,
    refresh: false,
    restart: true,
    over: [],
  });
  expect(picture(decoder)).toEqual(pixels);
  expect(decoder.damage.count).toBe(0);
});

test("frames and reveals come in their order, with their bytes", () => {
  const decoder = new ScreenDecoder(heap);
  const place = { x: 1, y: 2, w: 3, h: 4 };
  const { over } = decoder.decode(
    new UpdateWriter().update({ width: 16, height: 16 }, [
      { op: "video", ...place, stream: 3, codec: 2, data: Uint8Array.of(1, 2) },
      { op: "reveal", ...place },
      { op: "video", ...place, stream: 0, codec: 4, data: Uint8Array.of(3) },
    ]),
  );
  expect(over).toEqual([
    { ...place, stream: 3, codec: 2, key: false, scale: 1, data: Uint8Array.of(1, 2) },
    place,
    { ...place, stream: 0, codec: 4, key: true, scale: 1, data: Uint8Array.of(3) },
  ]);
  expect(decoder.damage.rects.subarray(0, 4)).toEqual(Uint32Array.of(0, 0, 16, 16)); // of the refresh alone
});

test("a header is read as it stands in the protocol", () => {
  const message = new UpdateWriter().message({ width: 1920, height: 1080, id: 0xfffffffe }, inflated([]));
  const size = { width: 1920, height: 1080, inflated: 2 };
  const header = { refresh: true, restart: true, id: 0xfffffffe, ...size, packedAt: 13, attachedAt: message.length };
  expect(readHeader(message, undefined)).toEqual(header);
  expect(readHeader(Uint8Array.of(4, 0, 2, 1, 9, 9), header)).toEqual({
    refresh: false,
    restart: false,
    id: 0xffffffff,
    ...size,
    packedAt: 4,
    attachedAt: 5,
  });
});
