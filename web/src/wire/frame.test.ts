import { describe, expect, test } from "vitest";
import { encodeAck } from "./ack";
import { decodeFrames, encodeFrame } from "./frame";
import { parseReason, reasons } from "./reason";
import { hex, readText, readVectors, unhex } from "./wiretest/vectors";

interface FrameVectors {
  valid: { name: string; type: number; payload: string; hex: string }[];
  invalid: { name: string; hex: string }[];
}

const frames = readVectors<FrameVectors>("frames");

describe("frames", () => {
  test.each(frames.valid)("$name", ({ type, payload, hex: bytes }) => {
    expect(hex(encodeFrame(type, unhex(payload)))).toBe(bytes);
    const [frame, ...rest] = decodeFrames(unhex(bytes));
    expect(rest).toEqual([]);
    expect(frame?.type).toBe(type);
    expect(hex(frame!.payload)).toBe(payload);
  });

  test.each(frames.invalid)("refused: $name", ({ hex: bytes }) => {
    expect(() => decodeFrames(unhex(bytes))).toThrow(expect.objectContaining({ reason: "protocol" }));
  });

  test("several in a message, as views of it", () => {
    const message = unhex(frames.valid.map((v) => v.hex).join(""));
    const read = decodeFrames(message);
    expect(read.map((f) => f.type)).toEqual(frames.valid.map((v) => v.type));
    expect(read.every((f) => f.payload.buffer === message.buffer)).toBe(true);
  });

  test("a frame and a half", () => {
    expect(() => decodeFrames(unhex(`${frames.valid[1]?.hex}3000`))).toThrow(/whole frame/);
  });

  test("at the limit", () => {
    expect(decodeFrames(encodeFrame(0x30, new Uint8Array(16384)))).toHaveLength(1);
    expect(() => decodeFrames(encodeFrame(0x30, new Uint8Array(16385)))).toThrow(/larger/);
  });
});

interface AckVectors {
  valid: { name: string; id: number; decodeMicros: number; queue: number; hex: string }[];
}

describe("acks", () => {
  test.each(readVectors<AckVectors>("ack").valid)("$name", (v) => {
    expect(hex(encodeAck(v))).toBe(v.hex);
  });

  test("what does not fit", () => {
    expect(hex(encodeAck({ id: 1, decodeMicros: 1e12, queue: 1000 }))).toBe("00000001ffffffffff");
    expect(hex(encodeAck({ id: 1, decodeMicros: 1.5, queue: 0 }))).toBe("000000010000000200");
  });
});

describe("reasons", () => {
  test("are those of docs/protocol.md", () => {
    const list = /Reasons \(`SessionEnded`[\s\S]*?\n\n/.exec(readText("docs/protocol.md"))?.[0] ?? "";
    const documented = [...list.matchAll(/`([a-z-]+)`/g)].map((match) => match[1]);
    expect(new Set(documented)).toEqual(new Set(reasons));
  });

  test("that nobody knows", () => {
    expect(parseReason("denied")).toBe("denied");
    expect(parseReason("")).toBe("");
    expect(parseReason("<script>")).toBe("internal");
  });
});
