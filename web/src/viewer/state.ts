// What the page sees of a viewer. The viewer knows no page: it is given a canvas and a way to ask for a connection.

export type Level = "view" | "control";

/**
 * connecting → asking → live ⇄ paused → ended; a lost connection leads to reconnecting and back to asking or live. From
 * ended nothing leads away.
 */
export type Phase = "connecting" | "asking" | "live" | "paused" | "reconnecting" | "ended";

export interface Display {
  id: number;
  name: string;
  /** Place and size in the remote desktop, pixels. */
  x: number;
  y: number;
  width: number;
  height: number;
  primary: boolean;
}

/** An agent who sees the picture, however many views they have. */
export interface Watcher {
  agentId: string;
  name: string;
  /** A small number of their own, the same for everybody. */
  colour: number;
  /** The end-user lets them control. */
  control: boolean;
  you: boolean;
  /** You: may take control without asking. */
  mayTake: boolean;
}

/** Somebody asks for the control; you are who has it, or who asks. */
export interface ControlQuestion {
  agentId: string;
  name: string;
  state: "open" | "handed-over" | "not-now" | "unanswered" | "withdrawn";
  secondsLeft: number;
}

/** What an agent wants to become of the control. */
export type ControlWish = { action: "ask" | "take" | "release" } | { action: "hand-over" | "not-now"; agentId: string };

/** How the wish to reach the computer at any time stands. */
export type Keep =
  /** secondsLeft: undefined until the client has told that the end-user is asked. */
  | { state: "asking"; secondsLeft?: number }
  /** lost: the connection was, before the answer came. */
  | { state: "working" | "denied" | "unanswered" | "lost" }
  | { state: "done"; reach: "always" | "user" | "program"; computerId: string }
  | { state: "failed"; reason: "not-allowed" | "taken" | "failed" };

/** Where another agent points, in pixels of a display. */
export interface AgentPointer {
  agentId: string;
  display: number;
  x: number;
  y: number;
  gone: boolean;
}

export interface ViewerState {
  readonly phase: Phase;
  /** Why it ended: a reason of docs/protocol.md ("Signalling") or a code of the API. */
  readonly reason?: string;
  /** The matching words, once both sides have keys. */
  readonly words?: readonly [string, string];
  readonly displays: readonly Display[];
  readonly selectedDisplay?: number;
  /** What the end-user allowed; before that, what is asked for. */
  readonly level: Level;
  /** Whether input goes to the other side now: allowed, wanted and live. */
  readonly controlling: boolean;
  /** Time to the client and back, ms; undefined when it is not known. */
  readonly delayMs?: number;
  /** Who sees the picture, oneself among them; undefined: the client does not tell. */
  readonly watchers?: readonly Watcher[];
  /** The agent whose input the client takes; empty: nobody's; undefined: the client does not tell. */
  readonly ownerId?: string;
  /** The last word on a question for the control. */
  readonly question?: ControlQuestion;
  /** The end-user can be asked to let this agent reach the computer at any time. */
  readonly mayKeep?: boolean;
  /** What has become of that question; undefined: it was not asked. */
  readonly keep?: Keep;
  /** Updates shown in the last second; 0 when nothing changes. */
  readonly fps: number;
  /** Why there is no picture: docs/protocol.md, "No picture". */
  readonly noPictureReason?: string;
  /** Until the end-user's time to answer is over, in phase asking. */
  readonly secondsLeft?: number;
  /** The picture's size in remote pixels; 0 before the first one. */
  readonly width: number;
  readonly height: number;
}

/** What the server answers when a viewer is asked for. */
export interface ConnectInfo {
  viewerId: string;
  sessionId: string;
  /** Address of the relay: absolute, or a path on this host. */
  relayUrl: string;
  relayTicket: string;
  unattended: boolean;
  /** The computer's Ed25519 public key, base64url; required when unattended. */
  computerPublicKey?: string;
  consentSeconds: number;
  computerName: string;
}

export interface ViewerOptions {
  /** Where the picture goes; its width and height follow the remote display. Its parent must have a size of its own. */
  canvas: HTMLCanvasElement;
  /**
   * Asks the server for a viewer. Called for every try. An error's `code` (a code of the API) decides whether another try
   * makes sense.
   */
  connect: (commitment: string, level: Level) => Promise<ConnectInfo>;
  /** Called with the whole state whenever it has changed. */
  onState: (state: ViewerState) => void;
  /** What is asked for first; control when not given. */
  level?: Level;
  /** The agent asked to leave the picture by Ctrl+Alt+Shift: the page puts the focus where it belongs. */
  onLeave?: () => void;
}

export interface Viewer {
  dispose(): void;
  /** fit: as large as the parent allows; actual: one remote pixel is one pixel of the display. */
  setScale(scale: "fit" | "actual"): void;
  selectDisplay(id: number): void;
  /** Whether input goes to the other side, when the end-user allows it. With other agents there, control is given back or asked for. */
  setControl(on: boolean): void;
  /** Says what shall become of the control. */
  wish(wish: ControlWish): void;
  /** Has the end-user asked whether this agent may reach the computer at any time. */
  keep(): void;
  ctrlAltDel(): void;
  /** Types a text. */
  typeText(text: string): void;
  /** Releases every key and button on the other side. */
  releaseAll(): void;
  /** Puts the keyboard's focus on the picture. */
  focus(): void;
}
