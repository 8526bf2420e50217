import { create, toBinary } from "@bufbuild/protobuf";
import { beforeEach, describe, expect, test } from "vitest";
import { channel } from "./channel";
import type { Bytes } from "./crypto";
import { RelayCloseSchema } from "./deskhand_pb";
import type { Keys } from "./exchange";
import { encodeFrame, frameType } from "./frame";
import { Link } from "./link";
import type { LinkError } from "./reason";
import { Direction, maxPart } from "./seal";
import { FrameSocket } from "./socket";
import { TestSocket } from "./wiretest/socket";
import { clientKeyOf, readVectors, type SecureVectors, viewerOf } from "./wiretest/vectors";

/** The viewer's link, and the client's end of it in the hands of the test. */
class Scene {
  readonly socket = new TestSocket();
  readonly messages: { channel: number; message: Bytes }[] = [];
  readonly ends: string[] = [];
  error: LinkError | undefined;
  onMessage = () => {};
  link!: Link;
  sealer!: Direction;
  opener!: Direction;
  private wake = () => {};

  async start(keys: Keys): Promise<void> {
    this.sealer = await Direction.create(keys.clientToViewer, "encrypt");
    this.opener = await Direction.create(keys.viewerToClient, "decrypt");
    this.link = await Link.create(new FrameSocket(this.socket), keys, {
      onMessage: (on, message) => {
        this.messages.push({ channel: on, message });
        this.wake();
        this.onMessage();
      },
      onEnd: (reason, error) => {
        this.ends.push(reason);
        this.error = error;
        this.wake();
      },
    });
  }

  seal(on: number, data: Uint8Array, last = true): Promise<Bytes> {
    return this.sealer.seal({ channel: on, last, data: new Uint8Array(data) });
  }

  async until(done: () => boolean): Promise<void> {
    while (!done()) {
      await new Promise<void>((resolve) => {
        this.wake = resolve;
      });
    }
  }

  async ended(): Promise<string | undefined> {
    await this.until(() => this.ends.length > 0);
    return this.ends[0];
  }
}

let keys: Keys;
let scene: Scene;

beforeEach(async () => {
  const vector = readVectors<SecureVectors>("secure").exchanges[0]!;
  keys = (await (await viewerOf(vector)).finish(clientKeyOf(vector))).keys;
  scene = new Scene();
  await scene.start(keys);
});

const pattern = (size: number) => Uint8Array.from({ length: size }, (_, i) => i * 7);

describe("receiving", () => {
  test("messages of one part and of many, interleaved, in order", async () => {
    const large = pattern(2 * maxPart + 5);
    scene.socket.arrive(
      await scene.seal(channel.screen, large.subarray(0, maxPart), false),
      await scene.seal(channel.control, pattern(3)),
    );
    scene.socket.arrive(await scene.seal(channel.screen, large.subarray(maxPart, 2 * maxPart), false));
    scene.socket.arrive(await scene.seal(channel.cursor, new Uint8Array()));
    scene.socket.arrive(await scene.seal(channel.screen, large.subarray(2 * maxPart)));
    await scene.until(() => scene.messages.length === 3);
    expect(scene.messages.map((m) => m.channel)).toEqual([channel.control, channel.cursor, channel.screen]);
    expect(scene.messages.map((m) => m.message.length)).toEqual([3, 0, large.length]);
    expect(scene.messages[2]?.message).toEqual(large);
  });

  test("many at once keep their order", async () => {
    const frames = await Promise.all(
      Array.from({ length: 300 }, (_, i) => scene.seal(channel.control, Uint8Array.of(i >> 8, i))),
    );
    for (let i = 0; i < frames.length; i += 3) scene.socket.arrive(...frames.slice(i, i + 3));
    await scene.until(() => scene.messages.length === 300);
    expect(scene.messages.every(({ message }, i) => message[0] === i >> 8 && message[1] === (i & 255))).toBe(true);
  });

  test("what a newer client says is skipped", async () => {
    scene.socket.arrive(
      encodeFrame(0x66, pattern(9)),
      await scene.seal(77, pattern(9)),
      await scene.seal(channel.control, pattern(1)),
    );
    await scene.until(() => scene.messages.length === 1);
    expect(scene.messages[0]?.message).toEqual(pattern(1));
  });

  test("the reason of the relay comes after what was on the way", async () => {
    const last = encodeFrame(
      frameType.relayClose,
      toBinary(RelayCloseSchema, create(RelayCloseSchema, { reason: "client-lost" })),
    );
    scene.socket.arrive(await scene.seal(channel.control, pattern(1)), last);
    expect(await scene.ended()).toBe("client-lost");
    expect(scene.messages).toHaveLength(1);
  });

  test("a lost connection has no reason", async () => {
    scene.socket.arrive(await scene.seal(channel.control, pattern(1)));
    scene.socket.lose();
    expect(await scene.ended()).toBe("");
    expect(scene.messages).toHaveLength(1);
  });

  test("the reason in the other side's close", async () => {
    scene.socket.lose("login-ended");
    expect(await scene.ended()).toBe("login-ended");
  });
});

describe("refused", () => {
  const cases: [string, string, (good: Bytes) => Promise<Uint8Array> | Uint8Array][] = [
    ["replayed", "protocol", (good) => good],
    ["gap", "protocol", async () => (await scene.seal(0, pattern(1))) && scene.seal(0, pattern(1))],
    [
      "changed",
      "protocol",
      async () => (await scene.seal(0, pattern(9))).map((b, i, all) => (i === all.length - 1 ? b ^ 1 : b)),
    ],
    ["short", "protocol", () => encodeFrame(frameType.sealed, pattern(25))],
    ["larger than allowed", "protocol", () => encodeFrame(frameType.sealed, pattern(16385))],
    ["cut", "protocol", (good) => good.subarray(0, 20)],
    ["wrong way", "protocol", () => scene.seal(channel.input, Uint8Array.of(6))],
    ["empty part that is not the last", "protocol", () => scene.seal(channel.screen, new Uint8Array(), false)],
    ["in clear", "protocol", () => encodeFrame(frameType.clientKey, pattern(9))],
  ];
  test.each(cases)("%s", async (_, reason, bad) => {
    const good = await scene.seal(channel.control, pattern(1));
    scene.socket.arrive(good);
    await scene.until(() => scene.messages.length === 1);
    scene.socket.arrive(await bad(good));
    scene.socket.arrive(await scene.seal(channel.control, pattern(2)));
    expect(await scene.ended()).toBe(reason);
    expect(await scene.socket.closing()).toBe(reason);
    expect(scene.messages).toHaveLength(1);
    expect(scene.ends).toHaveLength(1);
  });

  test("other keys", async () => {
    const other = await Direction.create({ ...keys.clientToViewer, key: pattern(32) }, "encrypt");
    scene.socket.arrive(await other.seal({ channel: 0, last: true, data: pattern(3) }));
    expect(await scene.ended()).toBe("bad-key");
  });

  test("its own words sent back", async () => {
    scene.link.send(channel.control, pattern(3));
    const { type, payload } = await scene.socket.next();
    scene.socket.arrive(encodeFrame(type, payload));
    expect(await scene.ended()).toBe("bad-key");
  });

  test("a message over its limit", async () => {
    for (let i = 0; i < 5; i++) scene.socket.arrive(await scene.seal(channel.control, pattern(maxPart), false));
    expect(await scene.ended()).toBe("protocol");
  });

  test("a text message", async () => {
    scene.socket.onmessage?.({ data: "text" } as MessageEvent);
    expect(await scene.ended()).toBe("protocol");
  });

  test("a message that the receiver throws at", async () => {
    scene.onMessage = () => {
      throw new TypeError("no");
    };
    scene.socket.arrive(await scene.seal(channel.control, pattern(1)));
    expect(await scene.ended()).toBe("internal");
    expect(scene.error?.cause).toBeInstanceOf(TypeError);
  });
});

describe("sending", () => {
  test("messages arrive in the order of the calls, in parts", async () => {
    const text = pattern(2 * maxPart + 1);
    scene.link.send(channel.input, text);
    scene.link.send(channel.ack, pattern(9));
    scene.link.send(channel.control, new Uint8Array());
    const got: [number, boolean, number][] = [];
    for (let i = 0; i < 5; i++) {
      const part = await scene.opener.open((await scene.socket.next()).payload);
      got.push([part.channel, part.last, part.data.length]);
    }
    expect(got).toEqual([
      [channel.input, false, maxPart],
      [channel.input, false, maxPart],
      [channel.input, true, 1],
      [channel.ack, true, 9],
      [channel.control, true, 0],
    ]);
  });

  test("refuses what may not go", () => {
    expect(() => scene.link.send(channel.screen, pattern(1))).toThrow(RangeError);
    expect(() => scene.link.send(99, pattern(1))).toThrow(RangeError);
    expect(() => scene.link.send(channel.input, pattern(65537))).toThrow(RangeError);
  });

  test("a network that takes nothing ends the link", async () => {
    scene.socket.bufferedAmount = 300_000;
    scene.link.send(channel.control, pattern(1));
    expect(await scene.ended()).toBe("too-slow");
    expect(scene.socket.closedAs).toBe("too-slow");
  });

  test("close sends what was said before, tells why, and is the end", async () => {
    scene.link.send(channel.control, pattern(4));
    await scene.link.close("viewer-closed");
    expect((await scene.opener.open((await scene.socket.next()).payload)).data).toEqual(pattern(4));
    expect(scene.socket.closedAs).toBe("viewer-closed");
    scene.link.send(channel.control, pattern(1));
    scene.socket.lose();
    expect(scene.ends).toEqual([]);
  });
});
