import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { RefusedError } from "../channel/dial";
import { TestClient } from "../viewer/viewertest/client";
import { channel } from "../wire/channel";
import { ConsentState_State as Consent } from "../wire/deskhand_pb";
import { Connection } from "./connection";
import { Offsets } from "./offsets";
import type { PromptState, PromptTicket } from "./state";

beforeEach(() => void vi.spyOn(console, "error").mockImplementation(() => {}));
afterEach(() => void vi.restoreAllMocks());

const ticket: PromptTicket = {
  relayUrl: "/api/relay",
  relayTicket: "the-ticket",
  unattended: false,
  promptId: "p1",
  consentSeconds: 30,
};
const text = (data: Uint8Array) => new TextDecoder().decode(data);

/** A message of the prompt's channel as the client sends it. */
function output(offset: number, data: string): Uint8Array<ArrayBuffer> {
  const bytes = new TextEncoder().encode(data);
  const message = new Uint8Array(8 + bytes.length);
  new DataView(message.buffer).setBigUint64(0, BigInt(offset));
  message.set(bytes, 8);
  return message;
}

function setUp(options: { offsets?: Offsets; answer?: Error; again?: boolean } = {}) {
  const { offsets = new Offsets(), answer, again = false } = options;
  const client = new TestClient();
  let state: Partial<PromptState> = {};
  const log: string[] = [];
  let commitment = "";
  const size = { columns: 80, rows: 24 };
  const connection = new Connection({
    shell: "/bin/bash",
    size: () => size,
    offsets,
    again,
    connect: async (given) => {
      if (answer) throw answer;
      commitment = given;
      return ticket;
    },
    onChange: (change) => {
      state = { ...state, ...change };
    },
    onOutput: (offset, data) => void log.push(`${offset}:${text(data)}`),
    onGap: () => void log.push("gap"),
    base: "https://desk.example/assets/worker.js",
    open: () => client.socket,
  });
  const ended = connection.run();
  const meet = async () => {
    await vi.waitFor(() => expect(commitment).not.toBe(""));
    await client.meet(commitment);
    return (await client.word("promptOpen")).value;
  };
  const open = async (more: { offset?: bigint; gap?: boolean; resumed?: boolean } = {}) => {
    const asked = await meet();
    await client.say({ case: "hello", value: { version: 1, minVersion: 1, capabilities: [] } });
    await client.say({ case: "consent", value: { state: Consent.GRANTED } });
    await client.say({
      case: "promptOpened",
      value: { shell: "/bin/bash", shells: ["/bin/bash", "/bin/sh"], ...more },
    });
    await vi.waitFor(() => expect(state.phase).toBe("open"));
    return asked;
  };
  const heard = async () => {
    for (;;) {
      const message = await client.hear();
      if (message.channel === channel.prompt) return message.data;
    }
  };
  return { connection, client, offsets, ended, meet, open, heard, log, size, state: () => state };
}

test("opens a shell of the terminal’s size and shows what it says", async () => {
  const { client, open, log, state } = setUp();
  expect(await open()).toMatchObject({ shell: "/bin/bash", columns: 80, rows: 24, received: 0n });
  expect(state()).toMatchObject({ phase: "open", shell: "/bin/bash", shells: ["/bin/bash", "/bin/sh"] });
  await client.send(channel.prompt, output(0, "$ "));
  await client.send(channel.prompt, output(2, "ls\r\n"));
  await vi.waitFor(() => expect(log).toEqual(["0:$ ", "2:ls\r\n"]));
});

test("types once the shell is there, and not before", async () => {
  const { connection, open, heard } = setUp();
  connection.input(new Uint8Array([120]));
  await open();
  connection.input(new TextEncoder().encode("ls\r"));
  expect(text(await heard())).toBe("ls\r");
});

test("tells what is shown: every 32 KiB, and when all is", async () => {
  const { connection, client, open } = setUp();
  await open();
  for (let at = 0; at < 48_000; at += 16_000) await client.send(channel.prompt, output(at, "x".repeat(16_000)));
  await vi.waitFor(() => connection.shown(16_000n));
  connection.shown(16_000n); // too little to be said
  connection.shown(48_000n);
  expect((await client.word("promptCredit")).value).toMatchObject({ offset: 48_000n });
});

test("comes back where it was, without a byte twice", async () => {
  const offsets = new Offsets();
  offsets.take(0n, new TextEncoder().encode("$ ls\r\n"));
  const { client, open, log } = setUp({ offsets, again: true });
  expect(await open({ offset: 6n, resumed: true })).toMatchObject({ received: 6n });
  await client.send(channel.prompt, output(6, "bin\r\n"));
  await vi.waitFor(() => expect(log).toEqual(["6:bin\r\n"]));
  expect((await client.word("promptResize")).value).toMatchObject({ columns: 80, rows: 24 });
});

test("begins anew after output that is lost", async () => {
  const offsets = new Offsets();
  offsets.take(0n, new TextEncoder().encode("$ "));
  const { client, open, log } = setUp({ offsets, again: true });
  await open({ offset: 500_000n, gap: true, resumed: true });
  await client.send(channel.prompt, output(500_000, "tail"));
  await vi.waitFor(() => expect(log).toEqual(["gap", "500000:tail"]));
});

test("output with a hole breaks the protocol", async () => {
  const { client, open, ended } = setUp();
  await open();
  await client.send(channel.prompt, output(9, "late"));
  expect(await ended).toMatchObject({ reason: "protocol", final: true });
});

test("the end of the shell is final, and says how", async () => {
  const { client, open, ended, state } = setUp();
  await open();
  await client.say({ case: "promptEnded", value: { promptId: "p1", reason: "shell-ended", exitCode: 130 } });
  await client.say({ case: "bye", value: { reason: "shell-ended" } });
  expect(await ended).toEqual({ reason: "shell-ended", final: true, lived: true });
  expect(state().exitCode).toBe(130);
});

test("the last output is told as shown before one leaves", async () => {
  const { connection, client, open, ended, log } = setUp();
  await open();
  await client.send(channel.prompt, output(0, "exit\r\n"));
  await client.say({ case: "promptEnded", value: { promptId: "p1", reason: "shell-ended" } });
  await vi.waitFor(() => expect(log).toEqual(["0:exit\r\n"]));
  connection.shown(6n);
  expect((await client.word("promptCredit")).value).toMatchObject({ offset: 6n });
  client.relayCloses("client-closed"); // whatever the connection ends by, the shell's end is known
  expect(await ended).toEqual({ reason: "shell-ended", final: true, lived: true });
});

test("a shell that cannot start says what the system says", async () => {
  const { client, meet, ended, state } = setUp();
  await meet();
  await client.say({ case: "promptEnded", value: { reason: "prompt-refused", detail: "out of pseudo-terminals" } });
  expect(await ended).toMatchObject({ reason: "prompt-refused", final: true });
  expect(state()).toMatchObject({ detail: "out of pseudo-terminals", exitCode: undefined });
});

test.each([
  ["client-lost", false],
  ["replaced", true],
  ["role-changed", true],
  ["ended-by-end-user", true],
])("after %s, another try makes sense: not %s", async (reason, final) => {
  const { client, open, ended } = setUp();
  await open();
  client.relayCloses(reason);
  expect(await ended).toEqual({ reason, final, lived: true });
});

test("knows what runs in the shell", async () => {
  const { client, open, state } = setUp();
  await open();
  expect(state().program).toBe("");
  await client.say({ case: "promptProgram", value: { name: "vim\u202e" } });
  await vi.waitFor(() => expect(state().program).toBe("vim"));
});

test("closing ends the shell, leaving does not", async () => {
  const closing = setUp();
  await closing.open();
  void closing.connection.close(true);
  await closing.client.word("promptClose");
  await closing.client.word("bye");
  const leaving = setUp();
  await leaving.open();
  void leaving.connection.close(false);
  expect((await leaving.client.word("bye")).value).toMatchObject({ reason: "viewer-closed" });
});

test("an answer that is no ends it, unless it was connected before", async () => {
  expect(await setUp({ answer: new RefusedError("offline") }).ended).toMatchObject({ reason: "offline", final: true });
  const again = setUp({ answer: new RefusedError("offline"), again: true });
  expect(await again.ended).toMatchObject({ reason: "offline", final: false });
  const gone = setUp({ answer: new RefusedError("not-found"), again: true });
  expect(await gone.ended).toMatchObject({ reason: "not-found", final: true });
});

test("the end-user is asked, and may pause", async () => {
  const { client, connection, meet, ended, state } = setUp();
  await meet();
  await client.say({ case: "hello", value: { version: 1, minVersion: 1, capabilities: ["words:en"] } });
  await client.say({ case: "consent", value: { state: Consent.ASKING, secondsLeft: 24 } });
  await vi.waitFor(() => expect(state()).toMatchObject({ phase: "asking", secondsLeft: 24 }));
  await vi.waitFor(() => expect(state().words).toHaveLength(2));
  await client.say({ case: "consent", value: { state: Consent.GRANTED } });
  await client.say({ case: "promptOpened", value: { shell: "/bin/sh" } });
  await vi.waitFor(() => expect(state().phase).toBe("open"));
  await client.say({ case: "consent", value: { state: Consent.PAUSED } });
  await vi.waitFor(() => expect(state().phase).toBe("paused"));
  connection.input(new Uint8Array([97])); // is not sent
  await client.say({ case: "consent", value: { state: Consent.RESUMED } });
  await vi.waitFor(() => expect(state().phase).toBe("open"));
  await client.say({ case: "consent", value: { state: Consent.DENIED } });
  expect(await ended).toMatchObject({ reason: "denied", final: true });
});
