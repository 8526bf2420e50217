// What page and worker tell each other.

import type { AgentPointer, ConnectInfo, ControlWish, Level, ViewerState } from "./state";

/** What the worker knows of the state; the page knows the rest. */
export type WorkerState = Omit<ViewerState, "controlling" | "width" | "height">;

export type ToWorker =
  /** asked: the page has asked the server already, with the commitment of standing-by; connected or refused follows. */
  | { type: "start"; level: Level; asked: boolean }
  /** An answer to connect; refused: the code of the error, "" when it has none. */
  | { type: "connected"; info: ConnectInfo }
  | { type: "refused"; code: string }
  | { type: "input"; bytes: Uint8Array<ArrayBuffer> }
  | { type: "select"; display: number }
  | { type: "wish"; wish: ControlWish }
  | { type: "keep" }
  /** Where this agent points; gone: nowhere. */
  | { type: "point"; x: number; y: number; gone: boolean }
  | { type: "visible"; visible: boolean }
  /** A picture is on the canvas; its buffer comes back when it was handed over. more: the next one may come; else ready follows. */
  | { type: "shown"; buffer?: ArrayBuffer; more: boolean }
  | { type: "ready" }
  | { type: "dispose" };

/** A pointer's shape: R, G, B, A, not premultiplied. 0×0: no pointer. */
export interface PointerShape {
  width: number;
  height: number;
  hotX: number;
  hotY: number;
  pixels: Uint8ClampedArray<ArrayBuffer>;
}

export type ToPage =
  /** The worker has all that it needs to begin, and the commitment of its first key exchange. */
  | { type: "standing-by"; commitment: string }
  | { type: "connect"; commitment: string; level: Level }
  | { type: "state"; state: WorkerState }
  | { type: "picture"; buffer: ArrayBufferLike }
  | { type: "pointer"; shape: PointerShape }
  | { type: "agent-pointer"; pointer: AgentPointer }
  /** The other side has released all keys: a connection began or ended. */
  | { type: "released" };
