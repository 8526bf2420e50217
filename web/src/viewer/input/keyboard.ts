// Keys. The character that the agent sees on the keyboard is what is sent; the other side makes it whatever its layout is.
// Nothing stays pressed there: every event tells which modifiers are really held, and what is not is released.

import { maxKeyName, type Send } from "./events";

/** The parts of a KeyboardEvent that count. */
export interface Key {
  readonly code: string;
  readonly key: string;
  readonly keyCode: number;
  readonly repeat: boolean;
  readonly isComposing: boolean;
  readonly shiftKey: boolean;
  readonly ctrlKey: boolean;
  readonly altKey: boolean;
  readonly metaKey: boolean;
  getModifierState(name: string): boolean;
}

/** The modifiers that an event of keyboard or mouse tells. */
export type Held = Pick<Key, "shiftKey" | "ctrlKey" | "altKey" | "metaKey" | "getModifierState"> & {
  readonly key?: string;
};

export type Platform = "windows" | "mac" | "other";

const held = [
  ["Shift", "shiftKey", 1],
  ["Control", "ctrlKey", 2],
  ["Alt", "altKey", 4],
  ["Meta", "metaKey", 8],
] as const;
const altGraphBit = 16;
const locks = [
  ["CapsLock", 32],
  ["NumLock", 64],
] as const;

// Keys that are not sent: the characters that come out say what they did.
const silent = new Set(["AltGraph", "CapsLock", "NumLock", "ScrollLock", "Fn", "FnLock"]);
// Keys whose outcome comes as text.
const composing = new Set(["Dead", "Process", "Unidentified", "Compose"]);
// Windows reports AltGr as Control followed by AltGraph. Control waits that long for it, in ms.
const altGraphWait = 50;

export class Keyboard {
  /** Called when Control, Alt and Shift were pressed together and released alone: the agent wants to leave the picture. */
  onLeave: () => void = () => {};
  private readonly send: Send;
  private readonly platform: Platform;
  /** Keys that are down on the other side: code → key as it was pressed. */
  private readonly pressed = new Map<string, string>();
  /**
   * A modifier that waits, since it may be but the way to a character: Control on Windows, Alt (Option) on a Mac. used: it
   * was, and nothing is sent when it goes up.
   */
  private pending: { code: string; key: string; modifiers: number; used: boolean } | undefined;
  private timer: ReturnType<typeof setTimeout> | undefined;
  private leaving = false;

  constructor(send: Send, platform: Platform) {
    this.send = send;
    this.platform = platform;
  }

  /** Takes a keydown. False: the browser shall go on with it, since its outcome comes as text. */
  down(e: Key): boolean {
    if (e.isComposing || e.keyCode === 229 || composing.has(e.key)) {
      if (this.pending) this.pending.used = true;
      return false;
    }
    const modifier = held.find(([name]) => name === e.key)?.[0];
    this.sync(e, modifier);
    if (e.key === "AltGraph") this.altGraph(e);
    if (silent.has(e.key)) return true;
    if (modifier) {
      if (!e.repeat) this.modifier(e, modifier);
      return true;
    }
    this.leaving = false;
    if (isText(e.key) && reachesThirdLevel(e, this.platform)) this.releaseFor(e);
    else this.flush();
    if (!isText(e.key) && !isNamed(e.key)) {
      this.send({ kind: "text", text: e.key }); // a key that gives several characters
      return true;
    }
    // On a Mac no key goes up while Command is held.
    if (this.platform === "mac" && e.metaKey) this.tap(e);
    else this.press(e.code, e.key, this.modifiers(e));
    return true;
  }

  /** Takes a keyup. */
  up(e: Key): void {
    const id = e.code || e.key;
    if (this.pending?.code === id) {
      if (this.pending.used) this.drop();
      else this.flush();
    }
    if (e.key === "PrintScreen" && !this.pressed.has(id)) this.press(e.code, e.key, this.modifiers(e)); // Windows tells only this
    this.release(id, this.modifiers(e));
    this.sync(e, undefined);
    if (this.leaving && e.key !== "AltGraph") {
      this.leaving = false;
      this.onLeave();
    }
  }

  /** Releases what an event of pointer or wheel says is not held any more, and presses what waited. */
  pointing(e: Held): void {
    this.leaving = false;
    this.flush();
    this.sync(e, undefined);
  }

  /** Releases everything on the other side. */
  releaseAll(): void {
    this.forget();
    this.send({ kind: "releaseAll" });
  }

  /** Forgets what is held, when the other side has released it by itself. */
  forget(): void {
    this.drop();
    this.pressed.clear();
    this.leaving = false;
  }

  private modifier(e: Key, name: string): void {
    const alone = this.pending === undefined;
    this.flush();
    const waits =
      (this.platform === "windows" && e.code === "ControlLeft") || (this.platform === "mac" && name === "Alt");
    if (waits && alone) {
      this.pending = { code: e.code, key: e.key, modifiers: this.modifiers(e), used: false };
      if (this.platform === "windows") this.timer = setTimeout(() => this.flush(), altGraphWait);
    } else {
      this.press(e.code, e.key, this.modifiers(e));
    }
    this.leaving = e.ctrlKey && e.altKey && e.shiftKey && !e.metaKey;
  }

  /** AltGraph came: the Control before it was not meant. */
  private altGraph(e: Key): void {
    this.leaving = false;
    this.drop();
    if (this.platform === "windows") this.release("ControlLeft", this.modifiers(e));
  }

  /** A character of the third level comes: the modifiers that led to it must not be held on the other side. */
  private releaseFor(e: Key): void {
    if (this.pending) this.pending.used = true;
    clearTimeout(this.timer);
    for (const [id, key] of this.pressed) {
      if (key === "Alt" || (key === "Control" && this.platform !== "mac")) this.release(id, this.modifiers(e));
    }
  }

  private sync(e: Held, except: string | undefined): void {
    for (const [name, flag] of held) {
      if (e[flag] || name === except) continue;
      if (this.pending?.key === name) this.drop();
      for (const [id, key] of this.pressed) if (key === name) this.release(id, this.modifiers(e));
    }
  }

  /** Presses the modifier that waited. */
  private flush(): void {
    const { pending } = this;
    this.drop();
    if (pending) this.press(pending.code, pending.key, pending.modifiers);
  }

  private drop(): void {
    clearTimeout(this.timer);
    this.timer = undefined;
    this.pending = undefined;
  }

  private press(code: string, key: string, modifiers: number): void {
    this.pressed.set(code || key, key);
    this.send({ kind: "key", down: true, modifiers, code: name(code), key: name(key) });
  }

  private release(id: string, modifiers: number): void {
    const key = this.pressed.get(id);
    if (key === undefined) return;
    this.pressed.delete(id);
    this.send({ kind: "key", down: false, modifiers, code: name(id), key: name(key) });
  }

  private tap(e: Key): void {
    const event = { kind: "key", modifiers: this.modifiers(e), code: name(e.code), key: name(e.key) } as const;
    this.send({ ...event, down: true }, { ...event, down: false });
  }

  private modifiers(e: Held): number {
    let bits = 0;
    for (const [, flag, bit] of held) if (e[flag]) bits |= bit;
    if (e.getModifierState("AltGraph")) bits = (bits & ~(2 | 4)) | altGraphBit;
    else if (e.key && isText(e.key) && reachesThirdLevel(e, this.platform)) bits = (bits & ~4) | altGraphBit;
    for (const [lock, bit] of locks) if (e.getModifierState(lock)) bits |= bit;
    return bits;
  }
}

/** Whether the key gives one character. */
function isText(key: string): boolean {
  return key.length === 1 || (key.length === 2 && [...key].length === 1);
}

/** Whether the key has a name of UI Events: "Enter", "F5". */
function isNamed(key: string): boolean {
  return /^[A-Z][A-Za-z0-9]+$/.test(key);
}

/** Whether a key that gives a character does so by AltGr or by a Mac's Option. */
function reachesThirdLevel(e: Held, platform: Platform): boolean {
  return e.getModifierState("AltGraph") || (platform === "mac" && e.altKey && !e.ctrlKey && !e.metaKey);
}

function name(s: string): string {
  return s.length > maxKeyName ? "" : s;
}
