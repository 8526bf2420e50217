import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { codec } from "../decoders/video";
import { videoCapabilities } from "./capabilities";
import { makeDecoder } from "./decoder";
import { enlarge, PictureReader } from "./pixels";
import { codecName } from "./stream";

class FakeVideoDecoder {
  static last: FakeVideoDecoder;
  static unsupported: string[] = [];
  static isConfigSupported = async ({ codec: name }: { codec: string }) => {
    if (name.startsWith("avc1")) throw new TypeError("what is that?");
    return { supported: !FakeVideoDecoder.unsupported.includes(name) };
  };
  state = "unconfigured";
  readonly configs: { codec: string; optimizeForLatency: boolean }[] = [];
  readonly chunks: { type: string; timestamp: number }[] = [];
  readonly init: { output: (p: unknown) => void; error: (e: unknown) => void };

  constructor(init: FakeVideoDecoder["init"]) {
    this.init = init;
    FakeVideoDecoder.last = this;
  }

  configure(config: { codec: string; optimizeForLatency: boolean }): void {
    this.state = "configured";
    this.configs.push(config);
  }

  decode(chunk: { type: string; timestamp: number }): void {
    this.chunks.push(chunk);
  }

  close(): void {
    if (this.state === "closed") throw new Error("it is closed already");
    this.state = "closed";
  }
}

beforeEach(() => {
  FakeVideoDecoder.unsupported = [];
  vi.stubGlobal("VideoFrame", class {});
  vi.stubGlobal("VideoDecoder", FakeVideoDecoder);
  vi.stubGlobal(
    "EncodedVideoChunk",
    class {
      constructor(init: object) {
        Object.assign(this, init);
      }
    },
  );
});
afterEach(() => void vi.unstubAllGlobals());

const events = () => ({ onPicture: vi.fn(), onError: vi.fn() });
const some = Uint8Array.of(1, 2, 3);

test("a stream's decoder is configured once, for low latency and the protocol's colours", () => {
  const heard = events();
  const decoder = makeDecoder(codec.vp8, heard);
  decoder.decode(some, true, 7);
  decoder.decode(some, false, 8);
  decoder.decode(some, true, 9);
  const { last } = FakeVideoDecoder;
  expect(last.configs).toMatchObject([
    { codec: "vp8", optimizeForLatency: true, colorSpace: { matrix: "smpte170m", fullRange: false } },
  ]);
  expect(last.chunks).toMatchObject([
    { type: "key", timestamp: 7, data: some },
    { type: "delta", timestamp: 8 },
    { type: "key", timestamp: 9 },
  ]);
  const picture = { timestamp: 8 };
  last.init.output(picture);
  expect(heard.onPicture).toHaveBeenCalledWith(picture, 8);
  last.state = "closed"; // by an error
  last.init.error("broken");
  expect(heard.onError).toHaveBeenCalledWith("broken");
  decoder.close();
});

test("H.264 is configured by the profile and level of its key frame", () => {
  expect(codecName(codec.h264, Uint8Array.of(0, 0, 0, 1, 9, 0xf0, 0, 0, 0, 1, 0x67, 0x64, 0x00, 0x2a, 5, 5))).toBe(
    "avc1.64002a",
  );
  expect(codecName(codec.h264, Uint8Array.of(0, 0, 1))).toBe("avc1.42e033");
  const decoder = makeDecoder(codec.h264, events());
  decoder.decode(Uint8Array.of(0, 0, 1, 0x27, 0x42, 0xe0, 0x1f, 0, 0), true, 1);
  decoder.decode(Uint8Array.of(0, 0, 1, 0x27, 0x42, 0xe0, 0x28, 0, 0), true, 2);
  expect(FakeVideoDecoder.last.configs.map((c) => c.codec)).toEqual(["avc1.42e01f", "avc1.42e028"]);
});

test("JPEGs come in their order, and none after an error or the end", async () => {
  const done: ((fail?: Error) => void)[] = [];
  vi.stubGlobal(
    "ImageDecoder",
    class {
      readonly data: Uint8Array;
      constructor({ data }: { data: Uint8Array }) {
        this.data = data;
      }
      decode() {
        return new Promise((resolve, reject) => {
          done.push((fail) =>
            fail ? reject(fail) : resolve({ image: { red: this.data[0], close: () => closed.push(this.data[0]) } }),
          );
        });
      }
      close() {}
    },
  );
  const closed: unknown[] = [];
  const heard = events();
  const decoder = makeDecoder(codec.jpeg, heard);
  for (const n of [1, 2, 3, 4]) decoder.decode(Uint8Array.of(n), true, n);
  const settle = () => new Promise((resolve) => setTimeout(resolve));
  done[1]!();
  await settle();
  expect(heard.onPicture).not.toHaveBeenCalled();
  done[0]!();
  await settle();
  expect(heard.onPicture.mock.calls.map(([p, n]) => [p.red, n])).toEqual([
    [1, 1],
    [2, 2],
  ]);
  done[2]!(new Error("not a JPEG"));
  done[3]!();
  await settle();
  expect(heard.onError).toHaveBeenCalledOnce();
  expect(heard.onPicture).toHaveBeenCalledTimes(2);
  expect(closed).toEqual([4]);
});

test("a browser announces what it can show", async () => {
  FakeVideoDecoder.unsupported = ["vp09.00.51.08"];
  vi.stubGlobal("createImageBitmap", () => {});
  expect(await videoCapabilities()).toEqual(["video:vp8", "video:jpeg"]);
  vi.stubGlobal("VideoDecoder", undefined);
  expect(await videoCapabilities()).toEqual(["video:jpeg"]);
  vi.stubGlobal("VideoFrame", undefined);
  expect(await videoCapabilities()).toEqual([]);
});

test("pieces of a picture are read by a canvas where copyTo does not convert", async () => {
  const drawn = vi.fn();
  vi.stubGlobal(
    "OffscreenCanvas",
    class {
      width = 0;
      height = 0;
      getContext() {
        const data = (_x: number, _y: number, w: number, h: number) => ({
          data: Uint8Array.from({ length: w * h * 4 }, (_, i) => i >> 2),
        });
        return { drawImage: drawn, getImageData: data };
      }
    },
  );
  const picture = {
    visibleRect: { x: 0, y: 0, width: 8, height: 8 },
    allocationSize: () => 96, // of planes: the format is not known
    copyTo: () => Promise.reject(new Error("never called")),
  } as unknown as VideoFrame;
  const reader = new PictureReader();
  const place = { x: 10, y: 20, w: 4, h: 4 };
  const out = new Uint8Array(100);
  const pieces = [
    { x: 12, y: 21, w: 2, h: 2 },
    { x: 10, y: 23, w: 1, h: 1 },
  ];
  await reader.read(picture, { place, scale: 1, pieces }, out, 4);
  expect(drawn).toHaveBeenCalledExactlyOnceWith(picture, 0, 0, 8, 8);
  expect([...out.filter((_, i) => i % 4 === 0).subarray(0, 8)]).toEqual([0, 6, 7, 10, 11, 12, 0, 0]);
  const wide = { ...place, w: 9 };
  await expect(reader.read(picture, { place: wide, scale: 1, pieces }, out, 0)).rejects.toThrow("8×8");
  await reader.read(picture, { place: wide, scale: 2, pieces }, out, 0);
  expect(drawn).toHaveBeenLastCalledWith(picture, 0, 0, 16, 16);
});

test("pixels become squares, cut at the right and at the bottom", () => {
  const out = new Uint32Array(16);
  enlarge(Uint32Array.of(1, 2, 3, 4, 5, 6), 3, 2, out, 5, 3);
  expect([...out]).toEqual([1, 1, 2, 2, 3, 1, 1, 2, 2, 3, 4, 4, 5, 5, 6, 0]);
});

test("a large picture is enlarged without a canvas", async () => {
  const picture = {
    visibleRect: { x: 0, y: 0, width: 1000, height: 700 },
    allocationSize: ({ rect }: { rect: { width: number; height: number } }) => rect.width * rect.height * 4,
    copyTo: async (to: Uint8Array) => void to.fill(9),
  } as unknown as VideoFrame;
  const place = { x: 0, y: 0, w: 1999, h: 1399 };
  const out = new Uint8Array(8 + 1999 * 1399 * 4);
  await new PictureReader().read(picture, { place, scale: 2, pieces: [place] }, out, 8);
  expect(out.subarray(0, 9)).toEqual(Uint8Array.of(0, 0, 0, 0, 0, 0, 0, 0, 9));
  expect(out.at(-1)).toBe(9);
});
