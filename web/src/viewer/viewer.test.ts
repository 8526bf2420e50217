// @vitest-environment jsdom
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import type { ToPage, ToWorker, WorkerState } from "./messages";
import { standBy } from "./standby";
import type { ConnectInfo, ViewerState } from "./state";
import { createViewer } from "./viewer";

class FakeWorker {
  static last: FakeWorker;
  onmessage: ((e: { data: ToPage }) => void) | null = null;
  onerror: ((e: ErrorEvent) => void) | null = null;
  readonly told: ToWorker[] = [];
  terminated = false;

  constructor() {
    FakeWorker.last = this;
  }

  postMessage(message: ToWorker): void {
    this.told.push(message);
  }

  terminate(): void {
    this.terminated = true;
  }

  say(message: ToPage): void {
    this.onmessage?.({ data: message });
  }
}

const puts: [number, number, number, number][] = [];

beforeEach(() => {
  vi.useFakeTimers();
  vi.stubGlobal("Worker", FakeWorker);
  vi.stubGlobal(
    "ResizeObserver",
    class {
      observe() {}
      disconnect() {}
    },
  );
  vi.stubGlobal(
    "ImageData",
    class {
      readonly width: number;
      readonly height: number;
      constructor(_: unknown, width: number, height: number) {
        this.width = width;
        this.height = height;
      }
    },
  );
  vi.spyOn(HTMLCanvasElement.prototype, "getContext").mockReturnValue({
    putImageData: (image: ImageData, x: number, y: number) => puts.push([x, y, image.width, image.height]),
    drawImage: () => {},
  } as never);
  vi.spyOn(HTMLCanvasElement.prototype, "toDataURL").mockReturnValue("data:image/png;base64,AA");
  puts.length = 0;
});

afterEach(() => {
  document.body.replaceChildren();
  vi.useRealTimers();
  vi.unstubAllGlobals();
  vi.restoreAllMocks();
});

const live: WorkerState = { phase: "live", displays: [], level: "control", fps: 0 };

function setUp(connect: () => Promise<ConnectInfo> = () => new Promise(() => {})) {
  const canvas = document.createElement("canvas");
  document.body.append(canvas);
  const states: ViewerState[] = [];
  const viewer = createViewer({ canvas, connect, onState: (s) => states.push(s) });
  const worker = FakeWorker.last;
  const inputs = () => worker.told.filter((m) => m.type === "input").map((m) => [...m.bytes]);
  return { canvas, states, viewer, worker, inputs };
}

/** A picture of w×h with one changed rectangle. */
function picture(
  id: number,
  width: number,
  height: number,
  shared = false,
  after = id,
): Extract<ToPage, { type: "picture" }> {
  const size = 40 + 4 * 2 * 3;
  const buffer = shared ? new SharedArrayBuffer(size) : new ArrayBuffer(size);
  new Int32Array(buffer, 0, 10).set([1, id, after, width, height, 1, 5, 6, 2, 3]);
  return { type: "picture", buffer };
}

test("it starts the worker with what is asked for", () => {
  const { worker } = setUp();
  expect(worker.told).toEqual([
    { type: "start", level: "control", asked: false },
    { type: "visible", visible: true },
  ]);
});

test("a worker that stands by has the server asked at once", async () => {
  standBy();
  FakeWorker.last.say({ type: "standing-by", commitment: "early" });
  const connect = vi.fn(() => Promise.resolve({ viewerId: "v" } as ConnectInfo));
  const { worker } = setUp(connect);
  expect(connect).toHaveBeenCalledWith("early", "control");
  await vi.advanceTimersByTimeAsync(0);
  expect(worker.told).toEqual([
    { type: "start", level: "control", asked: true },
    { type: "visible", visible: true },
    { type: "connected", info: { viewerId: "v" } },
  ]);
});

test("the page's answer to connect goes to the worker, and so does the code of its error", async () => {
  const info = { viewerId: "v" } as ConnectInfo;
  const answers = [
    () => Promise.resolve(info),
    () => Promise.reject(Object.assign(new Error("409"), { code: "conflict" })),
    () => Promise.reject(new TypeError("no network")),
  ];
  const { worker } = setUp(() => answers.shift()!());
  for (let i = 0; i < 3; i++) {
    worker.say({ type: "connect", commitment: "c", level: "control" });
    await vi.advanceTimersByTimeAsync(0);
  }
  expect(worker.told.slice(2)).toEqual([
    { type: "connected", info },
    { type: "refused", code: "conflict" },
    { type: "refused", code: "" },
  ]);
});

test("a picture is put where it belongs and answered; the next one may come at once, or with the next frame of the display", () => {
  const { canvas, worker, states } = setUp();
  worker.say(picture(41, 640, 480));
  expect([canvas.width, canvas.height, canvas.dataset.updateId]).toEqual([640, 480, "41"]);
  expect(puts).toEqual([[5, 6, 2, 3]]);
  expect(states.at(-1)).toMatchObject({ width: 640, height: 480 });
  const answers = () =>
    worker.told
      .filter((m) => m.type === "shown" || m.type === "ready")
      .map((m) => (m.type === "ready" ? "ready" : m.more));
  expect(answers()).toEqual([true]);
  worker.say(picture(42, 640, 480));
  worker.say(picture(43, 640, 480));
  expect(puts).toHaveLength(3);
  expect(answers()).toEqual([true, true, false]); // it is the third one in this frame
  vi.advanceTimersByTime(20);
  expect(answers()).toEqual([true, true, false, "ready"]);
  worker.say(picture(44, 640, 480));
  expect(answers().slice(4)).toEqual([true]);
  vi.advanceTimersByTime(40);
  worker.say(picture(45, 640, 480));
  worker.say(picture(46, 640, 480));
  expect(answers().slice(5)).toEqual([true, true]);
  expect(worker.told.find((m) => m.type === "shown")?.buffer).toBeInstanceOf(ArrayBuffer);
});

test("a picture in shared memory is put when a frame begins after a key, before its message", () => {
  const { canvas, worker } = setUp();
  const first = picture(1, 640, 480, true);
  worker.say(first);
  worker.say({ type: "state", state: live });
  vi.advanceTimersByTime(20);
  const box = document.querySelector<HTMLElement>("canvas ~ div")!;
  canvas.tabIndex = 0;
  canvas.focus();
  document.activeElement!.dispatchEvent(new KeyboardEvent("keydown", { key: "a", code: "KeyA" }));
  expect(box.scrollTop).not.toBe(0); // the frame is asked for
  new Int32Array(first.buffer).set([1, 2, 2], 0); // the worker writes another one
  box.dispatchEvent(new Event("scroll"));
  expect(canvas.dataset.updateId).toBe("2");
  worker.say(first); // its message comes late
  expect(puts).toHaveLength(2);
  expect(worker.told.filter((m) => m.type === "shown")).toEqual([
    { type: "shown", more: true },
    { type: "shown", more: true },
  ]);
});

test.each([true, false])(
  "of two pictures beside each other (the small one first: %j) the newer one is told when both are put",
  (first) => {
    const { canvas, worker } = setUp();
    worker.say(picture(1, 640, 480));
    const small = picture(3, 640, 480, true, 2);
    const large = picture(2, 640, 480);
    worker.say(first ? small : large);
    expect(canvas.dataset.updateId).toBe(first ? "1" : "2");
    worker.say(first ? large : small);
    expect(canvas.dataset.updateId).toBe("3");
    worker.say(picture(1, 640, 480)); // of a new connection
    expect(canvas.dataset.updateId).toBe("1");
  },
);

test("input goes only while live, with control, and wanted", () => {
  const { worker, viewer, inputs, states } = setUp();
  viewer.typeText("a");
  worker.say({ type: "state", state: { ...live, level: "view" } });
  viewer.typeText("b");
  expect(states.at(-1)?.controlling).toBe(false);
  expect(inputs()).toEqual([]);
  worker.say({ type: "state", state: live });
  viewer.typeText("c");
  expect(inputs()).toEqual([[5, 0, 1, 99]]);
  viewer.setControl(false);
  expect(states.at(-1)?.controlling).toBe(false);
  viewer.typeText("d");
  expect(inputs().slice(1)).toEqual([[6]]); // release of all, and nothing more
});

test("the focus of the canvas brings keys, and losing it releases all", () => {
  const { worker, canvas, inputs } = setUp();
  canvas.tabIndex = 0;
  canvas.setAttribute("aria-label", "Remote screen");
  worker.say({ type: "state", state: live });
  canvas.focus();
  expect(document.activeElement?.getAttribute("aria-label")).toBe("Remote screen");
  const down = new KeyboardEvent("keydown", { key: "a", code: "KeyA", bubbles: true, cancelable: true });
  document.activeElement!.dispatchEvent(down);
  expect(down.defaultPrevented).toBe(true);
  (document.activeElement as HTMLElement).blur();
  expect(inputs()).toEqual([[4, 1, 0, 4, 75, 101, 121, 65, 1, 97], [6]]);
});

test("the pointer has the remote shape only while it is the agent's to move", () => {
  const { worker, canvas, viewer } = setUp();
  const shape = { width: 1, height: 1, hotX: 0, hotY: 0, pixels: new Uint8ClampedArray(4) };
  const cursor = vi.fn();
  // jsdom knows no image-set and would drop it.
  Object.defineProperty(canvas.style, "cursor", { set: cursor, get: () => "" });
  worker.say({ type: "pointer", shape });
  expect(cursor).toHaveBeenLastCalledWith("");
  worker.say({ type: "state", state: live });
  expect(cursor).toHaveBeenLastCalledWith('image-set(url("data:image/png;base64,AA") 1x) 0 0, default');
  worker.say({ type: "pointer", shape: { ...shape, width: 0, height: 0 } });
  expect(cursor).toHaveBeenLastCalledWith("none");
  viewer.setControl(false);
  expect(cursor).toHaveBeenLastCalledWith("");
});

test("a worker that breaks down ends the viewer", () => {
  vi.spyOn(console, "error").mockImplementation(() => {});
  const { worker, states } = setUp();
  worker.onerror?.(new ErrorEvent("error", { message: "no such file" }));
  expect(states.at(-1)).toMatchObject({ phase: "ended", reason: "internal" });
  expect(worker.terminated).toBe(true);
});

test("disposing says good-bye, leaves nothing behind and tells nothing more", () => {
  const { worker, viewer, states, inputs } = setUp();
  worker.say({ type: "state", state: live });
  const told = states.length;
  viewer.dispose();
  worker.say({ type: "state", state: { ...live, fps: 3 } });
  expect(states).toHaveLength(told);
  expect(inputs()).toEqual([[6]]);
  expect(worker.told.at(-1)).toEqual({ type: "dispose" });
  expect(document.querySelector("textarea")).toBeNull();
  vi.runAllTimers();
  expect(worker.terminated).toBe(true);
});
