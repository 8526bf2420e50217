import { create, fromBinary, toBinary } from "@bufbuild/protobuf";
import { beforeEach, describe, expect, test, vi } from "vitest";
import { channel } from "./channel";
import { ClientKeySchema, RelayCloseSchema, RelayHelloSchema, RevealSchema } from "./deskhand_pb";
import { encodeFrame, frameType } from "./frame";
import { type Connected, connectRelay, type RelayOptions } from "./relay";
import { Direction } from "./seal";
import { TestSocket } from "./wiretest/socket";
import { clientKeyOf, hex, readVectors, type SecureVectors, unhex, viewerOf } from "./wiretest/vectors";

const vector = readVectors<SecureVectors>("secure").exchanges[1]!;
const ready = encodeFrame(frameType.relayReady);
const clientKey = encodeFrame(
  frameType.clientKey,
  toBinary(ClientKeySchema, create(ClientKeySchema, clientKeyOf(vector))),
);

let socket: TestSocket;
const events = { onMessage: vi.fn(), onEnd: vi.fn() };

beforeEach(() => {
  socket = new TestSocket();
  events.onMessage.mockReset();
  events.onEnd.mockReset();
});

async function connect(options: Partial<RelayOptions> = {}): Promise<Connected> {
  const exchange = await viewerOf(vector);
  const connecting = connectRelay({
    url: "wss://relay.example/api/relay",
    ticket: "the-ticket",
    exchange,
    computerKey: unhex(vector.computerPublic),
    events,
    open: () => socket,
    ...options,
  });
  socket.open();
  return connecting;
}

describe("connectRelay", () => {
  test("says hello, exchanges keys, and links", async () => {
    const connecting = connect();
    const hello = await socket.next();
    expect(hello.type).toBe(frameType.relayHello);
    expect(fromBinary(RelayHelloSchema, hello.payload)).toMatchObject({
      ticket: "the-ticket",
      version: 1,
      minVersion: 1,
    });
    expect(socket.binaryType).toBe("arraybuffer");

    socket.arrive(ready, encodeFrame(0x15, unhex("00")), clientKey); // one message; the middle is of a newer version
    const reveal = await socket.next();
    expect(reveal.type).toBe(frameType.reveal);
    expect(hex(fromBinary(RevealSchema, reveal.payload).publicKey)).toBe(vector.viewerPublic);

    // The client may speak before the link is made.
    const keys = { key: unhex(vector.clientToViewerKey), iv: unhex(vector.clientToViewerIv) };
    const sealer = await Direction.create(keys, "encrypt");
    socket.arrive(await sealer.seal({ channel: channel.control, last: true, data: unhex("0102") }));
    const { link, wordBits } = await connecting;
    expect(wordBits).toBe(Number.parseInt(vector.matchingWords, 16));
    await vi.waitFor(() => expect(events.onMessage).toHaveBeenCalledWith(channel.control, unhex("0102")));
    await link.close("viewer-closed");
  });

  test.each(["bad-ticket", "timeout", "server-stopping"])("the relay refuses: %s", async (reason) => {
    const connecting = connect();
    await socket.next();
    socket.arrive(encodeFrame(frameType.relayClose, toBinary(RelayCloseSchema, create(RelayCloseSchema, { reason }))));
    await expect(connecting).rejects.toMatchObject({ reason });
    expect(events.onEnd).not.toHaveBeenCalled();
  });

  test("a client without the computer's key", async () => {
    const connecting = connect({ computerKey: unhex(vector.clientPublic) });
    await socket.next();
    socket.arrive(ready, clientKey);
    await expect(connecting).rejects.toMatchObject({ reason: "bad-key" });
    expect(await socket.closing()).toBe("bad-key");
  });

  test.each([
    ["a sealed frame before the keys", encodeFrame(frameType.sealed, new Uint8Array(40))],
    ["a client key that is none", encodeFrame(frameType.clientKey, Uint8Array.of(0xff, 0xff))],
    ["half a frame", Uint8Array.of(0x20, 0)],
    ["a flood of frames", Uint8Array.from({ length: 4 * 80 }, (_, i) => (i % 4 === 0 ? 0x21 : 0))],
  ])("refused: %s", async (_, bad) => {
    const connecting = connect();
    await socket.next();
    socket.arrive(ready);
    socket.arrive(bad);
    await expect(connecting).rejects.toMatchObject({ reason: "protocol" });
    expect(await socket.closing()).toBe("protocol");
  });

  test("the network goes", async () => {
    const connecting = connect();
    await socket.next();
    socket.lose();
    await expect(connecting).rejects.toMatchObject({ reason: "" });
  });

  test("no server", async () => {
    const failing = connectRelay({
      url: "wss://x",
      ticket: "t",
      exchange: await viewerOf(vector),
      events,
      open: () => socket,
    });
    socket.lose();
    await expect(failing).rejects.toMatchObject({ reason: "" });
  });

  test("given up, before and while", async () => {
    await expect(connect({ signal: AbortSignal.abort() })).rejects.toMatchObject({ reason: "" });
    socket = new TestSocket();
    const controller = new AbortController();
    const connecting = connect({ signal: controller.signal });
    await socket.next();
    controller.abort();
    await expect(connecting).rejects.toMatchObject({ reason: "" });
    expect(socket.closedAs).toBe("");
  });

  test("a client that does not answer", async () => {
    vi.useFakeTimers();
    try {
      const connecting = connect();
      const refused = expect(connecting).rejects.toMatchObject({ reason: "timeout" });
      await socket.next();
      socket.arrive(ready);
      await vi.advanceTimersByTimeAsync(15_000);
      await refused;
    } finally {
      vi.useRealTimers();
    }
  });
});
