// What a prompt's viewer and the client say to each other: docs/protocol.md, "Command prompt".

import { create, fromBinary, type MessageInitShape, toBinary } from "@bufbuild/protobuf";
import { Pulse } from "../channel/pulse";
import { channel } from "../wire/channel";
import { type ConsentState, ConsentState_State, ControlSchema, type PromptOpened } from "../wire/deskhand_pb";
import { parseReason } from "../wire/reason";
import { InputQueue } from "./input";
import type { Offsets } from "./offsets";
import type { PromptState, Size } from "./state";
import { cleanTitle } from "./title";

const version = 1;
/** The other side is told what is shown when so much is new. */
const creditEvery = 32 << 10;
const offsetSize = 8;

type Word = NonNullable<MessageInitShape<typeof ControlSchema>["message"]>;

export interface ConversationOptions {
  shell: string;
  size: () => Size;
  /** Of all output, whatever connection it came by. */
  offsets: Offsets;
  /** The time that the end-user has to answer, as the server told it, seconds. */
  consentSeconds: number;
  /** Sends a message of a channel. */
  send: (channel: number, message: Uint8Array<ArrayBuffer>) => void;
  onChange: (change: Partial<PromptState>) => void;
  onOutput: (offset: bigint, data: Uint8Array<ArrayBuffer>) => void;
  onGap: () => void;
  /** What the client announced. */
  onCapabilities: (capabilities: readonly string[]) => void;
  /** It is over; called once. reason: "" when the connection is merely lost. */
  onEnd: (reason: string) => void;
  now?: () => number;
}

export class Conversation {
  /** Whether the shell has been there. */
  lived = false;
  private readonly options: ConversationOptions;
  private readonly now: () => number;
  private readonly pulse: Pulse;
  private readonly typed: InputQueue;
  private countdown: ReturnType<typeof setInterval> | undefined;
  private credited: bigint;
  private paused = false;
  /** How the shell ended. The client's good-bye follows when it knows that all of it is on the screen; who left before would leave the shell waiting. */
  private last: string | undefined;
  private over = false;

  constructor(options: ConversationOptions) {
    this.options = options;
    this.now = options.now ?? (() => performance.now());
    this.credited = options.offsets.received;
    this.typed = new InputQueue((message) => options.send(channel.prompt, message));
    this.pulse = new Pulse({
      ping: (sentMicros) => this.say({ case: "ping", value: { sentMicros } }),
      onDead: () => this.end(""),
      now: this.now,
    });
  }

  /** Says hello, and what is wanted. */
  start(): void {
    const { shell, size, offsets } = this.options;
    this.say({ case: "hello", value: { version, minVersion: version, capabilities: [] } });
    this.say({ case: "promptOpen", value: { shell, ...size(), received: offsets.received } });
    this.pulse.start();
  }

  /** Takes a whole message. What breaks the protocol ends the conversation. */
  receive(from: number, message: Uint8Array<ArrayBuffer>): void {
    if (this.over) return;
    this.pulse.heard();
    try {
      if (from === channel.control) this.control(message);
      else if (from === channel.prompt) this.output(message);
    } catch (error) {
      console.error("prompt:", error);
      this.bye("protocol");
    }
  }

  input(data: Uint8Array<ArrayBuffer>): void {
    if (!this.over && this.lived && !this.paused) this.typed.add(data);
  }

  resize(size: Size): void {
    if (this.lived) this.say({ case: "promptResize", value: size });
  }

  /** The output up to an offset is on the screen. */
  shown(offset: bigint): void {
    if (!this.lived || offset <= this.credited) return;
    if (offset - this.credited < creditEvery && offset < this.options.offsets.received) return;
    this.credited = offset;
    this.say({ case: "promptCredit", value: { offset } });
  }

  /** Ends the shell. */
  close(): void {
    this.say({ case: "promptClose", value: {} });
    this.bye("viewer-closed");
  }

  /** Says good-bye and ends; the shell waits. */
  bye(reason: string): void {
    this.say({ case: "bye", value: { reason } });
    this.end(reason);
  }

  /** Ends without a word: the connection is gone. */
  end(reason: string): void {
    if (this.over) return;
    this.over = true;
    this.pulse.stop();
    clearInterval(this.countdown);
    this.options.onEnd(this.last ?? reason);
  }

  private control(bytes: Uint8Array): void {
    const word = fromBinary(ControlSchema, bytes).message;
    switch (word.case) {
      case "hello":
        if (word.value.minVersion > version) this.bye("too-new");
        else if (word.value.version < version) this.bye("too-old");
        else this.options.onCapabilities(word.value.capabilities);
        break;
      case "consent":
        this.consent(word.value);
        break;
      case "promptOpened":
        this.opened(word.value);
        break;
      case "promptProgram":
        this.options.onChange({ program: cleanTitle(word.value.name) });
        break;
      case "promptTaken":
        this.typed.took(word.value.bytes);
        break;
      case "promptEnded": {
        const { reason, exitCode, detail } = word.value;
        this.options.onChange({
          exitCode: reason === "shell-ended" ? exitCode : undefined,
          detail: detail || undefined,
        });
        this.last = parseReason(reason);
        if (!this.lived) this.end(this.last);
        break;
      }
      case "bye":
        this.end(parseReason(word.value.reason));
        break;
      case "ping":
        this.say({ case: "pong", value: { sentMicros: word.value.sentMicros } });
    }
  }

  private opened({ shell, shells, offset, gap }: PromptOpened): void {
    const { offsets, onChange, onGap, size } = this.options;
    const first = offsets.received === 0n && !gap;
    if (gap) {
      offsets.received = offset;
      this.credited = offset;
      onGap();
    }
    this.lived = true;
    onChange({ phase: this.paused ? "paused" : "open", shell, shells, program: "", secondsLeft: undefined });
    if (!first) this.say({ case: "promptResize", value: size() }); // it may have changed meanwhile
  }

  private output(message: Uint8Array<ArrayBuffer>): void {
    const offset = new DataView(message.buffer, message.byteOffset).getBigUint64(0);
    const { data, gap } = this.options.offsets.take(offset, message.subarray(offsetSize));
    if (gap) throw new Error(`output is missing before ${offset}`);
    if (data.length > 0) this.options.onOutput(this.options.offsets.received - BigInt(data.length), data);
  }

  private consent({ state, secondsLeft }: ConsentState): void {
    clearInterval(this.countdown);
    switch (state) {
      case ConsentState_State.ASKING:
        this.ask(secondsLeft || this.options.consentSeconds);
        break;
      case ConsentState_State.GRANTED:
      case ConsentState_State.RESUMED:
        this.pause(false);
        break;
      case ConsentState_State.PAUSED:
        this.pause(true);
        break;
      case ConsentState_State.DENIED:
        this.end("denied");
        break;
      case ConsentState_State.UNANSWERED:
        this.end("unanswered");
    }
  }

  private ask(seconds: number): void {
    const { onChange } = this.options;
    const until = this.now() + seconds * 1000;
    const left = () => Math.max(0, Math.ceil((until - this.now()) / 1000));
    this.countdown = setInterval(() => onChange({ secondsLeft: left() }), 1000);
    onChange({ phase: "asking", secondsLeft: left() });
  }

  private pause(paused: boolean): void {
    this.paused = paused;
    if (this.lived) this.options.onChange({ phase: paused ? "paused" : "open" });
  }

  private say(word: Word): void {
    if (this.over) return;
    const bytes = toBinary(ControlSchema, create(ControlSchema, { message: word }));
    this.options.send(channel.control, bytes as Uint8Array<ArrayBuffer>);
  }
}
