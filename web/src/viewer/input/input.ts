// Binds the canvas's events to what goes to the other side. Everything is sent in the event's own handler.

import { encode, type InputEvent } from "./events";
import { Keyboard, type Platform } from "./keyboard";
import { type Place, Pointer, remotePoint } from "./pointer";
import { TextField, tap, typed } from "./text";
import { Touch } from "./touch";
import { type Turn, Wheel } from "./wheel";

export interface InputOptions {
  /** Sends a message of the input channel. */
  post: (bytes: Uint8Array<ArrayBuffer>) => void;
  /** A key or a button was pressed or released, and sent. */
  onPress?: () => void;
  /** The agent wants to leave the picture. */
  onLeave: () => void;
  platform?: Platform;
}

// A finger that moves this many remote pixels turns the wheel by a notch: about three lines of text.
const pixelsANotch = 50;

export class Input {
  private readonly canvas: HTMLCanvasElement;
  private readonly post: InputOptions["post"];
  private readonly onPress: () => void;
  private readonly keyboard: Keyboard;
  private readonly pointer: Pointer;
  private readonly wheel = new Wheel();
  private readonly touch: Touch;
  private readonly field: TextField;
  private readonly listening = new AbortController();
  private on = false;

  constructor(canvas: HTMLCanvasElement, options: InputOptions) {
    this.canvas = canvas;
    this.post = options.post;
    this.onPress = options.onPress ?? (() => {});
    this.keyboard = new Keyboard(this.send, options.platform ?? platformOf(navigator));
    this.keyboard.onLeave = () => {
      this.releaseAll();
      this.field.element.blur();
      options.onLeave();
    };
    this.pointer = new Pointer(this.send);
    this.touch = new Touch({
      pointer: (x, y, buttons) => this.move(x, y, buttons, performance.now(), false),
      scroll: (dx, dy) => this.scroll(dx, dy),
    });
    this.field = new TextField(canvas, {
      text: (text) => this.type(text),
      erase: (count) => {
        for (let i = 0; i < count; i++) this.send(...tap("Backspace"));
      },
    });
    canvas.style.touchAction = "none";
    this.listenToKeys();
    this.listenToPointers();
    this.listenToPage();
  }

  /** Whether input goes to the other side. What is held is released before it stops. */
  set enabled(on: boolean) {
    if (on === this.on) return;
    if (!on) this.releaseAll();
    this.on = on;
    this.forget();
  }

  focus(): void {
    this.field.focus();
  }

  type(text: string): void {
    for (const events of typed(text)) this.send(...events);
  }

  ctrlAltDel(): void {
    this.keyboard.releaseAll();
    const keys = [
      ["ControlLeft", "Control"],
      ["AltLeft", "Alt"],
      ["Delete", "Delete"],
    ] as const;
    const event = (down: boolean, [code, key]: readonly [string, string]): InputEvent => ({
      kind: "key",
      down,
      modifiers: key === "Delete" ? 6 : 0,
      code,
      key,
    });
    this.send(...keys.map((k) => event(true, k)), ...keys.toReversed().map((k) => event(false, k)));
  }

  releaseAll(): void {
    this.keyboard.releaseAll();
    this.forget();
  }

  /** The other side has released everything by itself, or shows another display. */
  forget(): void {
    this.keyboard.forget();
    this.pointer.forget();
    this.touch.forget();
  }

  dispose(): void {
    if (this.on) this.releaseAll();
    this.on = false;
    this.listening.abort();
    this.field.dispose();
  }

  private readonly send = (...events: InputEvent[]): void => {
    if (this.on && events.length > 0) this.post(encode(events));
  };

  private listenToKeys(): void {
    const { signal } = this.listening;
    const { canvas, field } = this;
    canvas.addEventListener("focus", () => field.focus(), { signal });
    field.element.addEventListener("focus", () => nameAlike(canvas, field.element), { signal });
    field.element.addEventListener(
      "keydown",
      (e) => {
        if (!this.on) return;
        if (this.keyboard.down(e)) e.preventDefault();
        this.onPress();
      },
      { signal },
    );
    field.element.addEventListener(
      "keyup",
      (e) => {
        if (!this.on) return;
        this.keyboard.up(e);
        this.onPress();
      },
      { signal },
    );
    field.element.addEventListener("blur", () => this.lost(), { signal });
  }

  private listenToPointers(): void {
    const { signal } = this.listening;
    const { canvas } = this;
    const on = <K extends keyof HTMLElementEventMap>(type: K, f: (e: HTMLElementEventMap[K]) => void) =>
      canvas.addEventListener(type, f, { signal, passive: false });
    on("pointerdown", (e) => this.pointerDown(e));
    on("pointermove", (e) => this.pointerMove(e, false));
    on("pointerup", (e) => this.pointerUp(e, false));
    on("pointercancel", (e) => this.pointerUp(e, true));
    // A move comes with the next frame of the display; a raw one at once.
    canvas.addEventListener("pointerrawupdate", (e) => this.pointerMove(e as PointerEvent, true), { signal });
    on("wheel", (e) => {
      if (!this.on) return;
      e.preventDefault();
      this.keyboard.pointing(e);
      this.move(e.clientX, e.clientY, e.buttons, e.timeStamp, false);
      this.turn(e);
    });
    // The middle button would scroll, the side ones leave the page, the right one open a menu; a press moves the focus.
    for (const type of ["mousedown", "mouseup", "auxclick", "contextmenu", "dragstart"] as const) {
      on(type, (e) => {
        if (this.on || type === "dragstart") e.preventDefault();
      });
    }
  }

  private listenToPage(): void {
    const { signal } = this.listening;
    const { canvas } = this;
    const doc = canvas.ownerDocument;
    doc.addEventListener("visibilitychange", () => doc.hidden && this.lost(), { signal });
    doc.addEventListener(
      "fullscreenchange",
      () => {
        // In full screen the browser's and the system's own shortcuts go to the other side as well.
        const keyboard = (navigator as Navigator & { keyboard?: { lock(): Promise<void>; unlock(): void } }).keyboard;
        if (doc.fullscreenElement?.contains(canvas)) keyboard?.lock().catch(() => {});
        else keyboard?.unlock();
      },
      { signal },
    );
  }

  private lost(): void {
    this.field.clear();
    if (this.on) this.releaseAll();
  }

  private pointerDown(e: PointerEvent): void {
    if (!this.on) return;
    e.preventDefault();
    this.canvas.setPointerCapture(e.pointerId);
    this.onPress();
    if (e.pointerType === "touch") {
      this.touch.down(e.pointerId, e.clientX, e.clientY);
      return;
    }
    this.focus();
    this.keyboard.pointing(e);
    this.move(e.clientX, e.clientY, e.buttons, e.timeStamp, false);
  }

  private pointerMove(e: PointerEvent, raw: boolean): void {
    if (!this.on) return;
    if (e.pointerType !== "touch") this.move(e.clientX, e.clientY, e.buttons, e.timeStamp, raw);
    else if (!raw) this.touch.move(e.pointerId, e.clientX, e.clientY);
  }

  private pointerUp(e: PointerEvent, cancelled: boolean): void {
    if (!this.on) return;
    this.onPress();
    if (e.pointerType === "touch") this.touch.up(e.pointerId, cancelled);
    else this.move(e.clientX, e.clientY, cancelled ? 0 : e.buttons, e.timeStamp, false);
  }

  private move(clientX: number, clientY: number, buttons: number, time: number, raw: boolean): void {
    const { x, y } = remotePoint(this.place(), clientX, clientY);
    this.pointer.at(x, y, buttons, time, raw);
  }

  private scroll(dx: number, dy: number): void {
    const { width, columns } = this.place();
    const notches = width > 0 ? columns / width / pixelsANotch : 0;
    this.turn({ deltaX: dx * notches * 100, deltaY: dy * notches * 100, deltaMode: 0 });
  }

  private turn(e: Turn): void {
    const turn = this.wheel.turn(e);
    if (turn) this.send({ kind: "wheel", ...turn });
  }

  private place(): Place {
    const { left, top, width, height } = this.canvas.getBoundingClientRect();
    return { left, top, width, height, columns: this.canvas.width, rows: this.canvas.height };
  }
}

/** Gives the field the picture's name: it is what a screen reader meets. */
function nameAlike(canvas: HTMLElement, field: HTMLElement): void {
  for (const name of ["aria-label", "aria-labelledby", "aria-describedby"]) {
    const value = canvas.getAttribute(name);
    if (value !== null) field.setAttribute(name, value);
    else field.removeAttribute(name);
  }
}

function platformOf(navigator: Navigator): Platform {
  if (/Mac|iPhone|iPad/.test(navigator.platform)) return "mac";
  return /Win/.test(navigator.platform) ? "windows" : "other";
}
