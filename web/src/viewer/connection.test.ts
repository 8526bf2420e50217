import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { RefusedError } from "../channel/dial";
import { channel } from "../wire/channel";
import { ConsentState_State as Consent, Level as WireLevel } from "../wire/deskhand_pb";
import { Connection, type ConnectionOptions } from "./connection";
import type { WorkerState } from "./messages";
import { ProtocolError } from "./protocol_error";
import type { ConnectInfo, Level } from "./state";
import { Store } from "./store";
import { TestClient } from "./viewertest/client";

beforeEach(() => void vi.spyOn(console, "error").mockImplementation(() => {}));
afterEach(() => void vi.restoreAllMocks());

const info: ConnectInfo = {
  viewerId: "v1",
  sessionId: "s1",
  relayUrl: "/api/relay",
  relayTicket: "the-ticket",
  unattended: false,
  consentSeconds: 30,
  computerName: "PC-1",
};

function setUp(answer: Partial<ConnectInfo> | Error = {}, more: Partial<ConnectionOptions> = {}) {
  const first: WorkerState = { phase: "connecting", displays: [], level: "control", fps: 0 };
  const store = new Store(first, () => {});
  const client = new TestClient();
  const asked: { commitment: string; level: Level }[] = [];
  const addresses: string[] = [];
  const feed = { receive: vi.fn(), reset: vi.fn() };
  const connection = new Connection({
    store,
    level: "control",
    again: false,
    visible: () => true,
    capabilities: ["video:vp8"],
    connect: async (commitment, level) => {
      asked.push({ commitment, level });
      if (answer instanceof Error) throw answer;
      return { ...info, ...answer };
    },
    feed,
    onPointer: () => {},
    base: "https://desk.example/assets/worker.js",
    open: (address) => {
      addresses.push(address);
      return client.socket;
    },
    ...more,
  });
  const ended = connection.run();
  /** The client comes, once the viewer is at the relay. */
  const meet = async (sign?: CryptoKey) => {
    await vi.waitFor(() => expect(addresses).toHaveLength(1));
    await client.meet(asked[0]!.commitment, sign);
    await client.word("hello");
  };
  return { connection, store, client, asked, addresses, feed, ended, meet };
}

test("from the wish to connect to a picture, and its end", async () => {
  const { connection, store, client, asked, addresses, feed, ended, meet } = setUp();
  await meet();
  expect(asked).toMatchObject([{ commitment: expect.stringMatching(/^[\w-]{43}$/), level: "control" }]);
  expect(addresses).toEqual(["wss://desk.example/api/relay"]);
  expect(client.ticket).toBe("the-ticket");

  await client.say({ case: "hello", value: { version: 1, minVersion: 1, capabilities: ["words:fr"] } });
  await vi.waitFor(() => expect(store.state.words).toHaveLength(2));
  await client.say({ case: "consent", value: { state: Consent.ASKING, secondsLeft: 9 } });
  await vi.waitFor(() => expect(store.state.phase).toBe("asking"));
  await client.say({ case: "consent", value: { state: Consent.GRANTED, level: WireLevel.CONTROL } });
  await vi.waitFor(() => expect(store.state.phase).toBe("live"));

  await client.send(channel.screen, new Uint8Array([1, 2, 3]));
  await vi.waitFor(() => expect(feed.receive).toHaveBeenCalledWith(new Uint8Array([1, 2, 3])));
  connection.send(channel.input, new Uint8Array([6]));
  await client.word("ping");
  expect(await client.hear()).toEqual({ channel: channel.input, last: true, data: new Uint8Array([6]) });

  await client.say({ case: "bye", value: { reason: "ended-by-end-user" } });
  expect(await ended).toEqual({ reason: "ended-by-end-user", final: true, lived: true });
  expect(feed.reset).toHaveBeenCalled();
});

test("the network is lost", async () => {
  const { client, ended, meet } = setUp();
  await meet();
  client.socket.lose();
  expect(await ended).toEqual({ reason: "", final: false, lived: false });
});

test("the relay says why it ends", async () => {
  const { client, ended, meet } = setUp();
  await meet();
  client.relayCloses("login-ended");
  expect(await ended).toMatchObject({ reason: "login-ended", final: true });
});

test("a bomb ends it, and the client hears why", async () => {
  const { client, ended, meet, feed } = setUp();
  feed.receive.mockImplementation(() => {
    throw new ProtocolError("a bomb");
  });
  await meet();
  await client.send(channel.screen, new Uint8Array(30));
  expect((await client.word("bye")).value).toMatchObject({ reason: "protocol" });
  expect(await ended).toMatchObject({ reason: "protocol", final: true });
});

test("the agent closes it", async () => {
  const { connection, client, ended, meet } = setUp();
  await meet();
  await connection.close();
  expect((await client.word("bye")).value).toMatchObject({ reason: "viewer-closed" });
  expect(await client.socket.closing()).toBe("viewer-closed");
  expect(await ended).toMatchObject({ reason: "viewer-closed" });
});

test("the agent closes it before the client came", async () => {
  const { connection, addresses, client, ended } = setUp();
  await vi.waitFor(() => expect(addresses).toHaveLength(1));
  await connection.close();
  await ended;
  await client.socket.closing();
});

test("the server refuses", async () => {
  expect(await setUp(new RefusedError("offline")).ended).toMatchObject({ reason: "offline", final: true });
  expect(await setUp(new RefusedError("offline"), { again: true }).ended).toMatchObject({ final: false });
});

test("an unattended computer proves its key", async () => {
  const pair = (await crypto.subtle.generateKey("Ed25519", true, ["sign", "verify"])) as CryptoKeyPair;
  const raw = Buffer.from(await crypto.subtle.exportKey("raw", pair.publicKey));
  const { ended, meet, client } = setUp({ unattended: true, computerPublicKey: raw.toString("base64url") });
  await meet(pair.privateKey);
  client.socket.lose();
  expect(await ended).toMatchObject({ reason: "" });
});

test("an unattended computer without its key, or with another, is not connected", async () => {
  expect(await setUp({ unattended: true }).ended).toMatchObject({ reason: "bad-key", final: true });
  const other = Buffer.alloc(32, 9).toString("base64url");
  const { ended, meet } = setUp({ unattended: true, computerPublicKey: other });
  void meet();
  expect(await ended).toMatchObject({ reason: "bad-key", final: true });
});

test("a server or a client that never answers is given up", async () => {
  vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
  try {
    const silent = setUp({}, { connect: () => new Promise(() => {}) });
    await vi.waitUntil(() => vi.getTimerCount() > 0, { interval: 1 });
    await vi.advanceTimersByTimeAsync(30_000);
    expect(await silent.ended).toEqual({ reason: "", final: false, lived: false });
  } finally {
    vi.useRealTimers();
  }
});
