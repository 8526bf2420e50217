// The viewer as the page sees it. A worker owns the connection, the keys and all decoding; here are the canvas and the input.

import { AgentPointers } from "./agent_pointers";
import { FrameStart } from "./frame_start";
import { Input } from "./input/input";
import { Layout } from "./layout";
import type { PointerShape, ToPage, ToWorker } from "./messages";
import { cssCursor } from "./pointer_shape";
import { Presenter } from "./presenter";
import { takeWorker } from "./standby";
import type { ControlWish, Level, Viewer, ViewerOptions, ViewerState } from "./state";

/** How long the worker has to say good-bye, ms. */
const farewell = 1000;

export function createViewer(options: ViewerOptions): Viewer {
  return new PageViewer(options);
}

class PageViewer implements Viewer {
  private readonly options: ViewerOptions;
  private readonly worker: Worker;
  private readonly presenter: Presenter;
  private readonly frameStart: FrameStart;
  private readonly layout: Layout;
  private readonly input: Input;
  private readonly pointers: AgentPointers;
  private readonly listening = new AbortController();
  private state: ViewerState;
  private wanted = true;
  private shape: PointerShape | undefined;

  constructor(options: ViewerOptions) {
    const { canvas, level = "control" } = options;
    this.options = options;
    this.state = { phase: "connecting", displays: [], level, controlling: false, fps: 0, width: 0, height: 0 };
    const { worker, commitment } = takeWorker();
    this.worker = worker;
    this.worker.onmessage = (e: MessageEvent<ToPage>) => this.receive(e.data);
    this.worker.onerror = (e) => {
      e.preventDefault();
      console.error("viewer:", e.message);
      this.end("internal");
    };
    this.presenter = new Presenter(canvas, {
      onSize: (width, height) => this.resized(width, height),
      onShown: (buffer, more) =>
        buffer instanceof ArrayBuffer
          ? this.tell({ type: "shown", buffer, more }, [buffer])
          : this.tell({ type: "shown", more }),
      onReady: () => this.tell({ type: "ready" }),
    });
    this.frameStart = new FrameStart(canvas, () => this.presenter.look());
    this.pointers = new AgentPointers(canvas, (x, y, gone) => this.tell({ type: "point", x, y, gone }));
    this.layout = new Layout(canvas, () => {
      this.showPointer();
      this.pointers.place();
    });
    this.input = new Input(canvas, {
      post: (bytes) => this.tell({ type: "input", bytes }),
      onPress: () => this.frameStart.ask(),
      onLeave: () => options.onLeave?.(),
    });
    const { signal } = this.listening;
    document.addEventListener("visibilitychange", () => this.tellVisible(), { signal });
    this.tell({ type: "start", level, asked: commitment !== undefined });
    if (commitment !== undefined) this.connect(commitment, level);
    this.tellVisible();
  }

  dispose(): void {
    this.input.dispose();
    this.listening.abort();
    this.frameStart.dispose();
    this.presenter.dispose();
    this.layout.dispose();
    this.pointers.dispose();
    this.options.canvas.style.cursor = "";
    this.worker.onmessage = null;
    this.tell({ type: "dispose" });
    setTimeout(() => this.worker.terminate(), farewell);
  }

  setScale(scale: "fit" | "actual"): void {
    this.layout.set(scale);
  }

  selectDisplay(display: number): void {
    this.tell({ type: "select", display });
  }

  setControl(on: boolean): void {
    this.wanted = on;
    const { watchers = [], ownerId } = this.state;
    if (on && ownerId !== undefined && !hasControl(this.state)) this.wish({ action: "ask" });
    else if (!on && watchers.length > 1) this.wish({ action: "release" });
    this.show(this.state);
  }

  wish(wish: ControlWish): void {
    if (wish.action === "ask" || wish.action === "take") this.wanted = true;
    this.tell({ type: "wish", wish });
  }

  keep(): void {
    this.tell({ type: "keep" });
  }

  ctrlAltDel(): void {
    this.input.ctrlAltDel();
  }

  typeText(text: string): void {
    this.input.type(text);
  }

  releaseAll(): void {
    this.input.releaseAll();
  }

  focus(): void {
    this.input.focus();
  }

  private receive(message: ToPage): void {
    switch (message.type) {
      case "connect":
        this.connect(message.commitment, message.level);
        break;
      case "picture":
        this.presenter.put(message.buffer);
        break;
      case "state":
        this.show({ ...message.state, width: this.state.width, height: this.state.height });
        break;
      case "pointer":
        this.shape = message.shape;
        this.showPointer();
        break;
      case "agent-pointer":
        this.pointers.show(message.pointer);
        break;
      case "released":
        this.input.forget();
    }
  }

  private connect(commitment: string, level: Level): void {
    this.options.connect(commitment, level).then(
      (info) => this.tell({ type: "connected", info }),
      (error: unknown) => this.tell({ type: "refused", code: codeOf(error) }),
    );
  }

  private resized(width: number, height: number): void {
    this.input.forget(); // the pointer's last place was on another picture
    this.layout.apply();
    this.show({ ...this.state, width, height });
  }

  private show(state: Omit<ViewerState, "controlling">): void {
    const controlling = state.phase === "live" && state.level === "control" && this.wanted && hasControl(state);
    const { dataset } = this.options.canvas;
    dataset.fps = String(state.fps);
    dataset.delay = state.delayMs === undefined ? "" : state.delayMs.toFixed(1);
    this.input.enabled = controlling;
    const changed = controlling !== this.state.controlling;
    this.state = { ...state, controlling };
    this.pointers.meet(this.state);
    if (changed) this.showPointer();
    this.options.onState(this.state);
  }

  private end(reason: string): void {
    if (this.state.phase === "ended") return;
    this.worker.terminate();
    this.show({ ...this.state, phase: "ended", reason });
  }

  /** Shows the remote pointer where the agent's own one is; without control it is the agent's own. */
  private showPointer(): void {
    const { shape, state } = this;
    const { style } = this.options.canvas;
    style.cursor = ""; // what a browser does not understand below leaves this
    if (state.controlling && shape) style.cursor = cssCursor(shape, this.layout.factor(), devicePixelRatio || 1);
  }

  private tellVisible(): void {
    this.tell({ type: "visible", visible: !document.hidden });
  }

  private tell(message: ToWorker, transfer: Transferable[] = []): void {
    this.worker.postMessage(message, transfer);
  }
}

/** Whether the client takes this agent's input; one that does not tell takes everybody's. */
function hasControl({ watchers, ownerId }: Pick<ViewerState, "watchers" | "ownerId">): boolean {
  return ownerId === undefined || watchers?.find((one) => one.you)?.agentId === ownerId;
}

function codeOf(error: unknown): string {
  const code = (error as { code?: unknown } | null)?.code;
  return typeof code === "string" ? code : "";
}
