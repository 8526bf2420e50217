// The viewer's worker: connection, keys and decoding. The page has the canvas and the input.

import wasmUrl from "virtual:zstd.wasm?url";
import { commitmentText, RefusedError } from "../channel/dial";
import { type Ending, Supervisor } from "../channel/supervisor";
import { channel } from "../wire/channel";
import { ViewerExchange } from "../wire/exchange";
import { Connection } from "./connection";
import type { ToPage, ToWorker } from "./messages";
import { ScreenDecoder } from "./screen";
import { ScreenFeed } from "./screen_feed";
import type { ConnectInfo, Level } from "./state";
import { Store } from "./store";
import { videoCapabilities } from "./video/capabilities";
import { makeDecoder } from "./video/decoder";
import { Heap } from "./zstd";

interface Scope {
  onmessage: ((event: MessageEvent<ToWorker>) => void) | null;
  readonly location: { readonly href: string };
  readonly crossOriginIsolated: boolean;
  postMessage(message: ToPage, transfer?: Transferable[]): void;
  addEventListener(type: "online", listener: () => void): void;
  close(): void;
}
/** Pictures of up to so many bytes lie in memory that is shared with the page. */
const sharedSize = 512 << 10;

const scope = self as unknown as Scope;

/** A question to the page: what connect resolves with. */
interface Question {
  resolve: (info: ConnectInfo) => void;
  reject: (error: RefusedError) => void;
}

class ViewerWorker {
  private readonly store: Store;
  private readonly supervisor: Supervisor;
  private readonly wanted: Level;
  private readonly feed: Promise<ScreenFeed>;
  private feedNow: ScreenFeed | undefined;
  private connection: Connection | undefined;
  private question: Question | undefined;
  /** The answer to what the page has asked before the worker did. */
  private answer: Promise<ConnectInfo> | undefined;
  private exchange: ViewerExchange | undefined;
  private visible = true;

  constructor(level: Level, exchange: ViewerExchange | undefined) {
    this.wanted = level;
    this.exchange = exchange;
    if (exchange) this.answer = this.await();
    this.answer?.catch(() => {}); // who awaits it sees the error; it may come before
    this.store = new Store({ phase: "connecting", displays: [], level, fps: 0 }, (state) =>
      scope.postMessage({ type: "state", state }),
    );
    this.feed = this.makeFeed();
    this.feed.catch(() => {}); // who awaits it sees the error; it may fail before
    this.supervisor = new Supervisor({
      once: (again) => this.once(again),
      onWaiting: (again) => this.store.set({ phase: again ? "reconnecting" : "connecting" }),
      onEnded: (reason) => this.store.set({ phase: "ended", reason }),
    });
    scope.addEventListener("online", () => this.supervisor.retry());
  }

  run(): void {
    void this.supervisor.run();
  }

  receive(message: ToWorker): void {
    switch (message.type) {
      case "connected":
        this.question?.resolve(message.info);
        break;
      case "refused":
        this.question?.reject(new RefusedError(message.code));
        break;
      case "input":
        this.connection?.send(channel.input, message.bytes);
        break;
      case "select":
        this.connection?.selectDisplay(message.display);
        break;
      case "wish":
        this.connection?.wish(message.wish);
        break;
      case "keep":
        this.connection?.keep();
        break;
      case "point":
        this.connection?.point(message.x, message.y, message.gone);
        break;
      case "visible":
        this.visible = message.visible;
        this.connection?.visible(message.visible);
        break;
      case "shown":
        this.feedNow?.shown(message.buffer, message.more);
        break;
      case "ready":
        this.feedNow?.ready();
        break;
      case "dispose":
        void this.dispose();
    }
  }

  private async makeFeed(): Promise<ScreenFeed> {
    const heap = await prepared.heap;
    this.feedNow = new ScreenFeed({
      decoder: new ScreenDecoder(heap),
      makeDecoder,
      sharedSize: scope.crossOriginIsolated ? sharedSize : 0,
      post: (buffer) => scope.postMessage({ type: "picture", buffer }, buffer instanceof ArrayBuffer ? [buffer] : []),
      ack: (message) => this.connection?.send(channel.ack, message),
      refresh: () => this.connection?.refresh(),
      onFrameRate: (fps) => this.store.set({ fps }),
    });
    return this.feedNow;
  }

  private async once(again: boolean): Promise<Ending> {
    let feed: ScreenFeed;
    let capabilities: string[];
    try {
      [feed, capabilities] = await Promise.all([this.feed, prepared.capabilities]);
    } catch (error) {
      console.error("viewer:", error);
      return { reason: "internal", final: true, lived: false };
    }
    const { store, exchange } = this;
    this.exchange = undefined; // it serves once
    this.connection = new Connection({
      exchange,
      store,
      level: again ? store.state.level : this.wanted,
      again,
      visible: () => this.visible,
      capabilities,
      connect: (commitment, level) => this.ask(commitment, level),
      feed,
      onPointer: (shape) => scope.postMessage({ type: "pointer", shape }, [shape.pixels.buffer]),
      onAgentPointer: (pointer) => scope.postMessage({ type: "agent-pointer", pointer }),
      base: scope.location.href,
    });
    const ending = await this.connection.run();
    this.connection = undefined;
    scope.postMessage({ type: "released" });
    store.set({
      delayMs: undefined,
      noPictureReason: undefined,
      secondsLeft: undefined,
      watchers: undefined,
      ownerId: undefined,
      question: undefined,
      mayKeep: undefined,
      keep: store.state.keep?.state === "done" ? store.state.keep : undefined, // an open question went with the connection
    });
    return ending;
  }

  private ask(commitment: string, level: Level): Promise<ConnectInfo> {
    const { answer } = this;
    this.answer = undefined;
    if (answer) return answer;
    scope.postMessage({ type: "connect", commitment, level });
    return this.await();
  }

  private await(): Promise<ConnectInfo> {
    return new Promise((resolve, reject) => {
      this.question = { resolve, reject };
    });
  }

  private async dispose(): Promise<void> {
    this.supervisor.stop();
    await this.connection?.close();
    scope.close();
  }
}

async function makeHeap(): Promise<Heap> {
  const response = await fetch(wasmUrl);
  if (!response.ok) throw new Error(`load ${wasmUrl}: ${response.status}`);
  return Heap.create(await WebAssembly.compile(await response.arrayBuffer()));
}

/** What every viewer needs is made while the worker stands by (standby.ts). */
const prepared = { heap: makeHeap(), capabilities: videoCapabilities() };
prepared.heap.catch(() => {}); // who awaits it sees the error

let exchange: ViewerExchange | undefined;
let viewer: ViewerWorker | undefined;

/** Tells the page when all is there. */
async function standBy(): Promise<void> {
  await Promise.all([prepared.heap, prepared.capabilities]);
  exchange = await ViewerExchange.create();
  if (!viewer) scope.postMessage({ type: "standing-by", commitment: commitmentText(exchange) });
}
standBy().catch(() => {}); // the connection meets the same error, and tells it

scope.onmessage = ({ data }) => {
  if (data.type === "start") {
    viewer = new ViewerWorker(data.level, data.asked ? exchange : undefined);
    viewer.run();
  } else {
    viewer?.receive(data);
  }
};
