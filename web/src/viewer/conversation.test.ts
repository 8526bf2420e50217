import { create, fromBinary, type MessageInitShape, toBinary } from "@bufbuild/protobuf";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { channel } from "../wire/channel";
import {
  ConsentState_State as Consent,
  ControlSchema,
  KeepState_State as Keep,
  KeepState_Reach as Reach,
  Level as WireLevel,
} from "../wire/deskhand_pb";
import { Conversation } from "./conversation";
import type { PointerShape, WorkerState } from "./messages";
import { ProtocolError } from "./protocol_error";
import { Store } from "./store";

beforeEach(() => {
  vi.useFakeTimers();
  vi.spyOn(console, "error").mockImplementation(() => {});
});
afterEach(() => {
  vi.useRealTimers();
  vi.restoreAllMocks();
});

type Word = NonNullable<MessageInitShape<typeof ControlSchema>["message"]>;

function control(message: Word): Uint8Array {
  return toBinary(ControlSchema, create(ControlSchema, { message }));
}

function setUp(visible = true) {
  const first: WorkerState = { phase: "connecting", displays: [], level: "control", fps: 0 };
  const store = new Store(first, () => {});
  const sent: { channel: number; message: Uint8Array }[] = [];
  const ends: string[] = [];
  const shapes: PointerShape[] = [];
  const onScreen = vi.fn();
  const onCapabilities = vi.fn();
  const conversation = new Conversation({
    store,
    level: "control",
    consentSeconds: 30,
    visible,
    capabilities: ["video:vp8"],
    send: (to, message) => sent.push({ channel: to, message }),
    onScreen,
    onPointer: (shape) => shapes.push(shape),
    onCapabilities,
    onEnd: (reason) => ends.push(reason),
    now: () => Date.now(),
  });
  conversation.start();
  const words = () => sent.filter((s) => s.channel === 0).map((s) => fromBinary(ControlSchema, s.message).message);
  const hear = (word: Word) => conversation.receive(channel.control, control(word));
  const live = () => hear({ case: "consent", value: { state: Consent.GRANTED, level: WireLevel.CONTROL } });
  return { conversation, store, sent, words, ends, shapes, onScreen, onCapabilities, hear, live };
}

test("it begins with a hello", () => {
  const { words } = setUp();
  expect(words()[0]).toMatchObject({
    case: "hello",
    value: { version: 1, minVersion: 1, capabilities: ["video:vp8", "several", "keep"] },
  });
});

test("hello of the other side: its capabilities, or what it is", () => {
  const good = setUp();
  good.hear({ case: "hello", value: { version: 3, minVersion: 1, capabilities: ["words:fr"] } });
  expect(good.onCapabilities).toHaveBeenCalledWith(["words:fr"]);
  const young = setUp();
  young.hear({ case: "hello", value: { version: 3, minVersion: 2 } });
  expect(young.ends).toEqual(["too-new"]);
  const old = setUp();
  old.hear({ case: "hello", value: { version: 0, minVersion: 0 } });
  expect(old.ends).toEqual(["too-old"]);
});

describe("consent", () => {
  test("is asked for, with the time that is left, and granted", () => {
    const { hear, store, conversation } = setUp();
    hear({ case: "consent", value: { state: Consent.ASKING, secondsLeft: 20 } });
    expect(store.state).toMatchObject({ phase: "asking", secondsLeft: 20 });
    vi.advanceTimersByTime(3000);
    expect(store.state.secondsLeft).toBe(17);
    expect(conversation.lived).toBe(false);
    hear({ case: "consent", value: { state: Consent.GRANTED, level: WireLevel.VIEW } });
    expect(store.state).toMatchObject({ phase: "live", level: "view" });
    expect(store.state.secondsLeft).toBeUndefined();
    expect(conversation.lived).toBe(true);
  });

  test("without a time takes the server's", () => {
    const { hear, store } = setUp();
    hear({ case: "consent", value: { state: Consent.ASKING } });
    expect(store.state.secondsLeft).toBe(30);
  });

  test.each([
    [Consent.DENIED, "denied"],
    [Consent.UNANSWERED, "unanswered"],
  ])("%j ends as %s", (state, reason) => {
    const { hear, ends } = setUp();
    hear({ case: "consent", value: { state } });
    expect(ends).toEqual([reason]);
  });

  test("is paused and resumed", () => {
    const { hear, store } = setUp();
    hear({ case: "consent", value: { state: Consent.GRANTED, level: WireLevel.CONTROL } });
    hear({ case: "consent", value: { state: Consent.PAUSED } });
    expect(store.state).toMatchObject({ phase: "paused", level: "control" });
    hear({ case: "consent", value: { state: Consent.RESUMED } });
    expect(store.state).toMatchObject({ phase: "live", level: "control" });
  });

  test("a picture says that nobody had to be asked", () => {
    const { conversation, store, onScreen } = setUp();
    conversation.receive(channel.screen, new Uint8Array(3));
    expect(store.state.phase).toBe("live");
    expect(onScreen).toHaveBeenCalledOnce();
  });
});

test("input goes only while live", () => {
  const { conversation, hear, sent } = setUp();
  const input = new Uint8Array([6]);
  conversation.input(input);
  hear({ case: "consent", value: { state: Consent.GRANTED, level: WireLevel.CONTROL } });
  conversation.input(input);
  hear({ case: "consent", value: { state: Consent.PAUSED } });
  conversation.input(input);
  expect(sent.filter((s) => s.channel === channel.input)).toHaveLength(1);
});

test("delay is measured, and a ping answered", () => {
  const { words, hear, store } = setUp();
  const ping = words().find((w) => w.case === "ping")!;
  vi.advanceTimersByTime(25);
  hear({ case: "pong", value: { sentMicros: ping.value.sentMicros } });
  expect(store.state.delayMs).toBeCloseTo(25);
  hear({ case: "ping", value: { sentMicros: 77n } });
  expect(words().at(-1)).toMatchObject({ case: "pong", value: { sentMicros: 77n } });
});

test("a connection that is silent for ten seconds is lost", () => {
  const { ends, hear } = setUp();
  vi.advanceTimersByTime(9000);
  hear({ case: "ping", value: { sentMicros: 1n } });
  vi.advanceTimersByTime(9000);
  expect(ends).toEqual([]);
  vi.advanceTimersByTime(4000);
  expect(ends).toEqual([""]);
  expect(vi.getTimerCount()).toBe(0);
});

test("a tab that stays hidden stops the stream; its return brings a refresh", () => {
  const { conversation, words, live } = setUp();
  live();
  conversation.visible(false);
  vi.advanceTimersByTime(1900);
  conversation.visible(true);
  vi.advanceTimersByTime(1900);
  expect(words().some((w) => w.case === "stream")).toBe(false);
  conversation.visible(false);
  vi.advanceTimersByTime(2000);
  expect(words().findLast((w) => w.case === "stream")).toMatchObject({ value: { running: false } });
  conversation.visible(true);
  expect(words().slice(-2)).toMatchObject([{ case: "refresh" }, { case: "stream", value: { running: true } }]);
});

test("a tab that is hidden from the start stops it as soon as there is one", () => {
  const { words, live } = setUp(false);
  vi.advanceTimersByTime(2000);
  expect(words().some((w) => w.case === "stream")).toBe(false);
  live();
  expect(words().findLast((w) => w.case === "stream")).toMatchObject({ value: { running: false } });
});

test("displays, why there is no picture, the pointer's shape", () => {
  const { conversation, hear, store, shapes, words, live } = setUp();
  live();
  const display = { id: 2, name: "HDMI-1", x: 0, y: 0, width: 1920, height: 1080, primary: true };
  hear({ case: "displays", value: { displays: [display], selected: 2 } });
  expect(store.state).toMatchObject({ displays: [display], selectedDisplay: 2 });
  hear({ case: "noPicture", value: { reason: "locked" } });
  expect(store.state.noPictureReason).toBe("locked");
  hear({ case: "noPicture", value: { reason: "" } });
  expect(store.state.noPictureReason).toBeUndefined();
  conversation.receive(channel.cursor, Uint8Array.from([0, 0, 0, 1, 0, 1, 0, 0, 0, 2, 0, 1, 1, 2, 3, 4, 5, 6, 7, 8]));
  expect(shapes).toMatchObject([{ hotX: 1, hotY: 0, width: 2, height: 1 }]);
  conversation.selectDisplay(3);
  expect(words().at(-1)).toMatchObject({ case: "selectDisplay", value: { id: 3 } });
});

describe("what breaks the protocol ends it, once, with a good-bye", () => {
  const cases: [string, number, Uint8Array][] = [
    ["a control message that is none", channel.control, Uint8Array.from([0xff, 0xff])],
    ["a cursor that is cut off", channel.cursor, new Uint8Array(11)],
    ["a cursor too large", channel.cursor, Uint8Array.from([0, 0, 0, 1, 0, 0, 0, 0, 1, 1, 0, 0])],
    [
      "a cursor whose hot spot is outside",
      channel.cursor,
      Uint8Array.from([0, 0, 0, 1, 0, 1, 0, 0, 0, 1, 0, 1, 1, 2, 3, 4]),
    ],
    ["a cursor with too few pixels", channel.cursor, Uint8Array.from([0, 0, 0, 1, 0, 0, 0, 0, 0, 1, 0, 1, 9])],
  ];
  test.each(cases)("%s", (_, from, message) => {
    const { conversation, ends, words } = setUp();
    conversation.receive(from, message);
    conversation.receive(from, message);
    expect(ends).toEqual(["protocol"]);
    expect(words().at(-1)).toMatchObject({ case: "bye", value: { reason: "protocol" } });
  });

  test("what the screen decoder throws", () => {
    const { conversation, ends, onScreen } = setUp();
    onScreen.mockImplementation(() => {
      throw new ProtocolError("a bomb");
    });
    conversation.receive(channel.screen, new Uint8Array(1));
    expect(ends).toEqual(["protocol"]);
  });

  test("no memory is not the other side's fault", () => {
    const { conversation, ends, onScreen } = setUp();
    onScreen.mockImplementation(() => {
      throw new RangeError("no memory");
    });
    conversation.receive(channel.screen, new Uint8Array(1));
    expect(ends).toEqual(["internal"]);
  });

  test("a channel that this version does not know is skipped", () => {
    const { conversation, ends } = setUp();
    conversation.receive(9, new Uint8Array(1));
    expect(ends).toEqual([]);
  });
});

test("the other side's good-bye ends it with its reason", () => {
  const { ends, hear } = setUp();
  hear({ case: "bye", value: { reason: "ended-by-end-user" } });
  hear({ case: "bye", value: { reason: "denied" } });
  expect(ends).toEqual(["ended-by-end-user"]);
});

describe("access at any time", () => {
  const hello: Word = { case: "hello", value: { version: 1, minVersion: 1, capabilities: ["keep"] } };

  test("is asked for once the end-user has let the viewer in, one question at a time", () => {
    const { conversation, store, hear, live, words } = setUp();
    const wishes = () => words().filter((word) => word.case === "keepWish").length;
    hear(hello);
    expect(store.state.mayKeep).toBe(true);
    conversation.keep();
    expect(wishes()).toBe(0);
    live();
    conversation.keep();
    conversation.keep();
    expect(store.state.keep).toEqual({ state: "asking" });
    hear({ case: "keepState", value: { state: Keep.ASKING, secondsLeft: 30 } });
    expect(store.state.keep).toEqual({ state: "asking", secondsLeft: 30 });
    hear({ case: "keepState", value: { state: Keep.WORKING } });
    conversation.keep();
    expect(wishes()).toBe(1);
    hear({ case: "keepState", value: { state: Keep.UNANSWERED } });
    conversation.keep();
    expect(wishes()).toBe(2);
    expect(store.state.phase).toBe("live");
  });

  test.each([
    [{ state: Keep.DENIED }, { state: "denied" }],
    [{ state: Keep.UNANSWERED }, { state: "unanswered" }],
    [{ state: Keep.WORKING }, { state: "working" }],
    [
      { state: Keep.DONE, reach: Reach.ALWAYS, computerId: "c1" },
      { state: "done", reach: "always", computerId: "c1" },
    ],
    [
      { state: Keep.DONE, reach: Reach.USER, computerId: "c1" },
      { state: "done", reach: "user", computerId: "c1" },
    ],
    [
      { state: Keep.DONE, reach: Reach.PROGRAM, computerId: "c1" },
      { state: "done", reach: "program", computerId: "c1" },
    ],
    [
      { state: Keep.FAILED, reason: "taken" },
      { state: "failed", reason: "taken" },
    ],
    [
      { state: Keep.FAILED, reason: "of-a-later-version" },
      { state: "failed", reason: "failed" },
    ],
  ])("%j is %j", (value, told) => {
    const { store, hear, live } = setUp();
    hear(hello);
    live();
    hear({ case: "keepState", value });
    expect(store.state.keep).toEqual(told);
  });

  test.each(["", "viewer-lost"])("is not known to have been allowed when the connection ends before: %j", (reason) => {
    const { conversation, store, hear, live } = setUp();
    hear(hello);
    live();
    conversation.keep();
    hear({ case: "keepState", value: { state: Keep.WORKING } });
    conversation.end(reason);
    expect(store.state.keep).toEqual({ state: "lost" });
  });

  test("stays known after the connection", () => {
    const { conversation, store, hear, live } = setUp();
    hear(hello);
    live();
    conversation.keep();
    hear({ case: "keepState", value: { state: Keep.DENIED } });
    conversation.end("");
    expect(store.state.keep).toEqual({ state: "denied" });
  });

  test("means nothing to a client that does not know of it", () => {
    const { conversation, store, hear, live, words } = setUp();
    hear({ case: "hello", value: { version: 1, minVersion: 1 } });
    live();
    const before = words().length;
    conversation.keep();
    expect(words()).toHaveLength(before);
    expect(store.state.mayKeep).toBe(false);
    expect(store.state.keep).toBeUndefined();
  });
});

describe("several agents", () => {
  const ada = { agentId: "2", name: "Ada", colour: 1, control: true };

  test("are told of, and what this one wishes and points goes to the client", () => {
    const { conversation, store, hear, live, words } = setUp();
    hear({ case: "hello", value: { version: 1, minVersion: 1, capabilities: ["several"] } });
    live();
    hear({ case: "displays", value: { displays: [], selected: 7 } });
    hear({ case: "watchers", value: { names: ["Ada"], watchers: [ada] } });
    hear({ case: "controlOwner", value: { agentId: "2" } });
    hear({ case: "controlQuestion", value: { agentId: "1", name: "Rodney", state: 1, secondsLeft: 30 } });
    expect(store.state.watchers).toMatchObject([ada]);
    expect(store.state).toMatchObject({ ownerId: "2", question: { agentId: "1", state: "open", secondsLeft: 30 } });
    conversation.wish({ action: "hand-over", agentId: "2" });
    conversation.point(3, 4, false);
    expect(words().slice(-2)).toMatchObject([
      { case: "controlWish", value: { action: 3, agentId: "2" } },
      { case: "agentPointer", value: { display: 7, x: 3, y: 4, gone: false } },
    ]);
  });

  test("mean nothing to a client that does not know of them", () => {
    const { conversation, store, hear, live, words } = setUp();
    hear({ case: "hello", value: { version: 1, minVersion: 1 } });
    live();
    const before = words().length;
    hear({ case: "watchers", value: { names: ["Ada"] } });
    hear({ case: "controlOwner", value: { viewerId: "9" } });
    conversation.wish({ action: "ask" });
    conversation.point(3, 4, false);
    expect(words()).toHaveLength(before);
    expect(store.state.ownerId).toBeUndefined();
    expect(store.state.watchers).toBeUndefined();
  });
});
