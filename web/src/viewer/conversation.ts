// What viewer and client say to each other once their channel is sealed: docs/protocol.md, "Sealed frame" and the
// messages of its channels.

import { create, fromBinary, type MessageInitShape, toBinary } from "@bufbuild/protobuf";
import { Pulse } from "../channel/pulse";
import { channel } from "../wire/channel";
import {
  type ConsentState,
  ConsentState_State,
  type ControlQuestion,
  ControlQuestion_State,
  ControlSchema,
  ControlWish_Action,
  type KeepState,
  KeepState_Reach,
  KeepState_State,
  Level as WireLevel,
} from "../wire/deskhand_pb";
import { LinkError, parseReason } from "../wire/reason";
import type { PointerShape } from "./messages";
import { readShape } from "./pointer_shape";
import { ProtocolError } from "./protocol_error";
import type { AgentPointer, ControlWish, Keep, Level, ControlQuestion as Question } from "./state";
import type { Store } from "./store";

const version = 1;
/** A tab that is hidden for longer needs no stream. ms. */
const hiddenFor = 2_000;

/** That this side knows of several agents: docs/protocol.md, "Several agents". */
const several = "several";
/** That this side knows of KeepWish and KeepState. */
const keep = "keep";

const actions = {
  ask: ControlWish_Action.ASK,
  take: ControlWish_Action.TAKE,
  "hand-over": ControlWish_Action.HAND_OVER,
  "not-now": ControlWish_Action.NOT_NOW,
  release: ControlWish_Action.RELEASE,
} as const;

const answers: Partial<Record<ControlQuestion_State, Question["state"]>> = {
  [ControlQuestion_State.OPEN]: "open",
  [ControlQuestion_State.HANDED_OVER]: "handed-over",
  [ControlQuestion_State.NOT_NOW]: "not-now",
  [ControlQuestion_State.UNANSWERED]: "unanswered",
};

const reaches: Partial<Record<KeepState_Reach, "always" | "user">> = {
  [KeepState_Reach.ALWAYS]: "always",
  [KeepState_Reach.USER]: "user",
};

type Word = NonNullable<MessageInitShape<typeof ControlSchema>["message"]>;

export interface ConversationOptions {
  store: Store;
  /** What is asked for. */
  level: Level;
  /** The time that the end-user has to answer, as the server told it, seconds. */
  consentSeconds: number;
  /** Whether the page is visible now. */
  visible: boolean;
  /** What this side announces. */
  capabilities: readonly string[];
  /** Sends a message of a channel. */
  send: (channel: number, message: Uint8Array<ArrayBuffer>) => void;
  /** Takes a screen message. What it throws ends the conversation. */
  onScreen: (message: Uint8Array) => void;
  onPointer: (shape: PointerShape) => void;
  onAgentPointer?: (pointer: AgentPointer) => void;
  /** What the client announced. */
  onCapabilities: (capabilities: readonly string[]) => void;
  /** It is over; called once. reason: "" when the connection is merely lost. */
  onEnd: (reason: string) => void;
  now?: () => number;
}

export class Conversation {
  /** Whether the end-user has let this viewer in. */
  lived = false;
  private readonly options: ConversationOptions;
  private readonly now: () => number;
  private readonly pulse: Pulse;
  private countdown: ReturnType<typeof setInterval> | undefined;
  private hiding: ReturnType<typeof setTimeout> | undefined;
  private stopped = false;
  /** The client knows of several agents. */
  private several = false;
  private over = false;

  constructor(options: ConversationOptions) {
    this.options = options;
    this.now = options.now ?? (() => performance.now());
    this.pulse = new Pulse({
      ping: (sentMicros) => this.say({ case: "ping", value: { sentMicros } }),
      onDead: () => this.end(""),
      now: this.now,
    });
  }

  /** Says hello. */
  start(): void {
    this.say({
      case: "hello",
      value: { version, minVersion: version, capabilities: [...this.options.capabilities, several, keep] },
    });
    this.visible(this.options.visible);
    this.pulse.start();
  }

  /** Takes a whole message. What breaks the protocol ends the conversation with the reason "protocol". */
  receive(from: number, message: Uint8Array): void {
    if (this.over) return;
    this.pulse.heard();
    try {
      if (from === channel.control) this.control(message);
      else if (from === channel.screen) this.screen(message);
      else if (from === channel.cursor) this.options.onPointer(readShape(message));
    } catch (error) {
      console.error("viewer:", error);
      this.bye(error instanceof LinkError ? error.reason : "internal");
    }
  }

  input(message: Uint8Array<ArrayBuffer>): void {
    if (!this.over && this.options.store.state.phase === "live") this.options.send(channel.input, message);
  }

  selectDisplay(id: number): void {
    if (this.lived) this.say({ case: "selectDisplay", value: { id } });
  }

  /** Says what shall become of the control. */
  wish(wish: ControlWish): void {
    if (!this.lived || !this.several) return;
    const agentId = "agentId" in wish ? wish.agentId : "";
    this.say({ case: "controlWish", value: { action: actions[wish.action], agentId } });
  }

  /** The end-user is being asked, or what was allowed is being done. */
  private get keeping(): boolean {
    const { keep } = this.options.store.state;
    return keep?.state === "asking" || keep?.state === "working";
  }

  /** Has the end-user asked whether this agent may reach the computer at any time; one question at a time. */
  keep(): void {
    const { state } = this.options.store;
    if (!this.lived || !state.mayKeep || this.keeping) return;
    this.say({ case: "keepWish", value: {} });
    this.options.store.set({ keep: { state: "asking" } });
  }

  /** Shows the other agents where this one points. */
  point(x: number, y: number, gone: boolean): void {
    if (!this.lived || !this.several) return;
    this.say({ case: "agentPointer", value: { display: this.options.store.state.selectedDisplay ?? 0, x, y, gone } });
  }

  /** Asks for the whole picture: a part of it is lost. */
  refresh(): void {
    if (this.lived) this.say({ case: "refresh", value: {} });
  }

  /** The page became visible or hidden. */
  visible(visible: boolean): void {
    clearTimeout(this.hiding);
    if (!visible) this.hiding = setTimeout(() => this.stop(true), hiddenFor);
    else if (this.stopped) this.stop(false);
  }

  /** Says good-bye and ends. */
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
    clearTimeout(this.hiding);
    if (this.keeping) this.options.store.set({ keep: { state: "lost" } });
    this.options.onEnd(reason);
  }

  private control(bytes: Uint8Array): void {
    const { store, onCapabilities } = this.options;
    const word = parse(bytes);
    switch (word.case) {
      case "hello":
        if (word.value.minVersion > version) this.bye("too-new");
        else if (word.value.version < version) this.bye("too-old");
        else {
          this.several = word.value.capabilities.includes(several);
          store.set({ mayKeep: word.value.capabilities.includes(keep) });
          onCapabilities(word.value.capabilities);
        }
        break;
      case "consent":
        this.consent(word.value);
        break;
      case "displays":
        store.set({ displays: word.value.displays, selectedDisplay: word.value.selected });
        break;
      case "watchers":
        if (this.several) store.set({ watchers: word.value.watchers });
        break;
      case "controlOwner":
        if (this.several) store.set({ ownerId: word.value.agentId });
        break;
      case "controlQuestion":
        store.set({ question: questionOf(word.value) });
        break;
      case "keepState":
        store.set({ keep: keepOf(word.value) });
        break;
      case "agentPointer":
        this.options.onAgentPointer?.(word.value);
        break;
      case "noPicture":
        store.set({ noPictureReason: word.value.reason || undefined });
        break;
      case "bye":
        this.end(parseReason(word.value.reason));
        break;
      case "ping":
        this.say({ case: "pong", value: { sentMicros: word.value.sentMicros } });
        break;
      case "pong": {
        const delayMs = this.pulse.delay(word.value.sentMicros);
        if (delayMs !== undefined) store.set({ delayMs });
      }
    }
  }

  private consent({ state, level, secondsLeft }: ConsentState): void {
    const { store } = this.options;
    const allowed = level === WireLevel.CONTROL ? "control" : level === WireLevel.VIEW ? "view" : store.state.level;
    switch (state) {
      case ConsentState_State.ASKING:
        this.ask(secondsLeft || this.options.consentSeconds);
        break;
      case ConsentState_State.GRANTED:
      case ConsentState_State.RESUMED:
        this.live(allowed);
        break;
      case ConsentState_State.PAUSED:
        this.settle("paused");
        break;
      case ConsentState_State.DENIED:
        this.end("denied");
        break;
      case ConsentState_State.UNANSWERED:
        this.end("unanswered");
    }
  }

  private ask(seconds: number): void {
    const { store } = this.options;
    const until = this.now() + seconds * 1000;
    const left = () => Math.max(0, Math.ceil((until - this.now()) / 1000));
    clearInterval(this.countdown);
    this.countdown = setInterval(() => store.set({ secondsLeft: left() }), 1000);
    store.set({ phase: "asking", secondsLeft: left() });
  }

  private live(level: Level): void {
    const first = !this.lived;
    this.lived = true;
    this.settle("live", level);
    if (first && this.stopped) this.stop(true);
  }

  private settle(phase: "live" | "paused", level = this.options.store.state.level): void {
    clearInterval(this.countdown);
    this.options.store.set({ phase, level, secondsLeft: undefined });
  }

  private screen(message: Uint8Array): void {
    if (!this.lived) this.live(this.options.store.state.level); // nobody had to be asked
    this.options.onScreen(message);
  }

  /** Stops the stream or lets it run again. Before there is one, it is only noted. */
  private stop(stopped: boolean): void {
    this.stopped = stopped;
    if (!this.lived) return;
    // The refresh is asked for first: what then begins to run begins whole.
    if (!stopped) this.say({ case: "refresh", value: {} });
    this.say({ case: "stream", value: { running: !stopped } });
  }

  private say(word: Word): void {
    if (!this.over) {
      const bytes = toBinary(ControlSchema, create(ControlSchema, { message: word }));
      this.options.send(channel.control, bytes as Uint8Array<ArrayBuffer>);
    }
  }
}

function questionOf({ agentId, name, state, secondsLeft }: ControlQuestion): Question {
  return { agentId, name, state: answers[state] ?? "withdrawn", secondsLeft };
}

function keepOf({ state, secondsLeft, reach, reason, computerId }: KeepState): Keep {
  switch (state) {
    case KeepState_State.ASKING:
      return { state: "asking", secondsLeft };
    case KeepState_State.DENIED:
      return { state: "denied" };
    case KeepState_State.UNANSWERED:
      return { state: "unanswered" };
    case KeepState_State.WORKING:
      return { state: "working" };
    case KeepState_State.DONE:
      return { state: "done", reach: reaches[reach] ?? "program", computerId };
    default:
      return { state: "failed", reason: reason === "not-allowed" || reason === "taken" ? reason : "failed" };
  }
}

function parse(bytes: Uint8Array) {
  try {
    return fromBinary(ControlSchema, bytes).message;
  } catch (cause) {
    throw new ProtocolError("not a control message", { cause });
  }
}
