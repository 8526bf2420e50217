// The files that both decoders replay: wire/testdata/screen, written by codec/vectors_test.go.

import { createHash } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import { beforeAll, describe, expect, test } from "vitest";
import type { VideoChange } from "./decoders/video";
import { readHeader } from "./header";
import { readShape } from "./pointer_shape";
import { ProtocolError } from "./protocol_error";
import { ScreenDecoder } from "./screen";
import { testHeap } from "./viewertest/heap";
import { UpdateWriter } from "./viewertest/updates";
import type { Heap } from "./zstd";

interface Message {
  about?: string;
  offset: number;
  length: number;
  id?: number;
  refresh?: boolean;
  restart?: boolean;
  width?: number;
  height?: number;
  inflated?: number;
  hotX?: number;
  hotY?: number;
  sha256?: string;
  videos?: Omit<VideoChange, "data">[];
  reveals?: number[][];
}

interface Vector {
  about: string;
  kind: "updates" | "refused" | "cursors";
  messages: Message[];
  bin: Uint8Array;
}

const dir = new URL("../../../wire/testdata/screen/", import.meta.url);
const vectors: Vector[] = readdirSync(dir)
  .filter((name) => name.endsWith(".json"))
  .map((name) => ({
    ...JSON.parse(readFileSync(new URL(name, dir), "utf8")),
    bin: new Uint8Array(readFileSync(new URL(name.replace(".json", ".bin"), dir))),
  }));

let heap: Heap;
beforeAll(async () => {
  heap = await testHeap();
});

function of(kind: Vector["kind"]): Vector[] {
  const found = vectors.filter((v) => v.kind === kind);
  expect(found).not.toEqual([]);
  return found;
}

function bytes(vector: Vector, { offset, length }: Message): Uint8Array {
  return vector.bin.subarray(offset, offset + length);
}

function sha256(b: Uint8Array): string {
  return createHash("sha256").update(b).digest("hex");
}

function picture({ surface }: ScreenDecoder): Uint8Array {
  const out = new Uint8Array(surface.width * surface.height * 4);
  surface.read(0, 0, surface.width, surface.height, out, 0);
  return out;
}

describe("updates", () => {
  test.each(of("updates"))("$about", (vector) => {
    const decoder = new ScreenDecoder(heap);
    for (const message of vector.messages) {
      const { id = 0, refresh = false, restart = false, width = 0, height = 0, inflated } = message;
      const header = readHeader(bytes(vector, message), { id: id - 1, width, height });
      expect(header).toMatchObject({ id, refresh, restart, width, height, inflated });
      const { over, ...update } = decoder.decode(bytes(vector, message));
      expect(update).toEqual({ id, refresh, restart });
      const videos = over.filter((o) => "data" in o).map(({ data, ...o }) => ({ ...o, sha256: sha256(data) }));
      expect(videos).toEqual(message.videos ?? []);
      const reveals = over.filter((o) => !("data" in o)).map(({ x, y, w, h }) => [x, y, w, h]);
      expect(reveals).toEqual(message.reveals ?? []);
      expect(decoder.surface).toMatchObject({ width, height });
      expect(sha256(picture(decoder)), message.about).toBe(message.sha256);
    }
  });

  test.each(of("updates"))("$about, changed at random: refused or drawn, never worse", (vector) => {
    const decoder = new ScreenDecoder(heap);
    let seed = 1;
    const random = (below: number) => {
      seed = (Math.imul(seed, 1664525) + 1013904223) >>> 0;
      return Math.floor((seed / 2 ** 32) * below);
    };
    for (let round = 0; round < 100; round++) {
      const bad = random(vector.messages.length);
      for (const [i, message] of vector.messages.slice(0, bad + 1).entries()) {
        const b = bytes(vector, message).slice();
        // The size of the surface stays: one that is allowed and huge takes long.
        const first = message.refresh ? 16 : 0;
        if (i === bad) b[first + random(b.length - first)] = random(256);
        try {
          decoder.decode(b);
        } catch (error) {
          expect(error).toBeInstanceOf(ProtocolError);
        }
      }
    }
  });
});

describe("refused", () => {
  for (const vector of of("refused")) {
    test.each(vector.messages)("$about", (message) => {
      const decoder = new ScreenDecoder(heap);
      decoder.decode(
        new UpdateWriter().update({ width: 8, height: 8 }, [{ op: "fill", x: 2, y: 2, w: 3, h: 3, rgb: [1, 2, 3] }]),
      );
      const before = picture(decoder);
      expect(() => decoder.decode(bytes(vector, message))).toThrow(ProtocolError);
      expect(picture(decoder)).toEqual(before);
    });
  }
});

describe("cursors", () => {
  for (const vector of of("cursors")) {
    test.each(vector.messages)("serial $id", (message) => {
      const { width = 0, height = 0, hotX = 0, hotY = 0 } = message;
      const shape = readShape(bytes(vector, message));
      expect(shape).toMatchObject({ width, height, hotX, hotY });
      expect(sha256(new Uint8Array(shape.pixels))).toBe(message.sha256);
    });
  }
});
