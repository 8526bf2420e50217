import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import type { InputEvent } from "./events";
import { type Key, Keyboard, type Platform } from "./keyboard";

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

/** Flags: s Shift, c Control, a Alt, m Meta, g AltGraph, L CapsLock, N NumLock. */
function key(code: string, name: string, flags = "", more: Partial<Key> = {}): Key {
  return {
    code,
    key: name,
    keyCode: 0,
    repeat: false,
    isComposing: false,
    shiftKey: flags.includes("s"),
    ctrlKey: flags.includes("c"),
    altKey: flags.includes("a"),
    metaKey: flags.includes("m"),
    getModifierState: (m) => flags.includes({ AltGraph: "g", CapsLock: "L", NumLock: "N" }[m] ?? "?"),
    ...more,
  };
}

function setUp(platform: Platform = "other") {
  const log: string[] = [];
  const keyboard = new Keyboard((...events) => log.push(...events.map(show)), platform);
  return { keyboard, log };
}

/** "+KeyA=a" and "-KeyA=a", with "/bits" when modifiers are told. */
function show(e: InputEvent): string {
  if (e.kind === "key") return `${e.down ? "+" : "-"}${e.code}=${e.key}${e.modifiers ? `/${e.modifiers}` : ""}`;
  return e.kind === "text" ? `"${e.text}"` : e.kind;
}

describe("on every system", () => {
  test("a character goes as it was typed, with what is held", () => {
    const { keyboard, log } = setUp();
    expect(keyboard.down(key("KeyY", "z", "N"))).toBe(true);
    keyboard.up(key("KeyY", "z", "N"));
    expect(log).toEqual(["+KeyY=z/64", "-KeyY=z/64"]);
  });

  test("a key that is released after its Shift is released as it was pressed", () => {
    const { keyboard, log } = setUp();
    keyboard.down(key("ShiftLeft", "Shift", "s"));
    keyboard.down(key("Digit7", "/", "s"));
    keyboard.up(key("ShiftLeft", "Shift"));
    keyboard.up(key("Digit7", "7"));
    expect(log).toEqual(["+ShiftLeft=Shift/1", "+Digit7=//1", "-ShiftLeft=Shift", "-Digit7=/"]);
  });

  test("a held key repeats, a held modifier does not", () => {
    const { keyboard, log } = setUp();
    keyboard.down(key("ShiftLeft", "Shift", "s"));
    keyboard.down(key("ShiftLeft", "Shift", "s", { repeat: true }));
    keyboard.down(key("KeyA", "A", "s"));
    keyboard.down(key("KeyA", "A", "s", { repeat: true }));
    expect(log).toEqual(["+ShiftLeft=Shift/1", "+KeyA=A/1", "+KeyA=A/1"]);
  });

  test("a modifier whose release was missed is released with the next key", () => {
    const { keyboard, log } = setUp();
    keyboard.down(key("AltLeft", "Alt", "a"));
    keyboard.down(key("KeyA", "a"));
    expect(log).toEqual(["+AltLeft=Alt/4", "-AltLeft=Alt", "+KeyA=a"]);
  });

  test("a modifier whose release was missed is released with a click", () => {
    const { keyboard, log } = setUp();
    keyboard.down(key("ControlRight", "Control", "c"));
    keyboard.pointing(key("", ""));
    expect(log).toEqual(["+ControlRight=Control/2", "-ControlRight=Control"]);
  });

  test("what waited or was missed leaves the other modifiers held", () => {
    const { keyboard, log } = setUp("windows");
    keyboard.down(key("ShiftLeft", "Shift", "s"));
    keyboard.down(key("ControlLeft", "Control", "sc"));
    keyboard.down(key("ArrowUp", "ArrowUp", "sc"));
    keyboard.down(key("ArrowUp", "ArrowUp", "s"));
    expect(log).toEqual([
      ...["+ShiftLeft=Shift/1", "+ControlLeft=Control/3", "+ArrowUp=ArrowUp/3"],
      ...["-ControlLeft=Control/1", "+ArrowUp=ArrowUp/1"],
    ]);
  });

  test("one of two Shifts stays while the other goes", () => {
    const { keyboard, log } = setUp();
    keyboard.down(key("ShiftLeft", "Shift", "s"));
    keyboard.down(key("ShiftRight", "Shift", "s"));
    keyboard.up(key("ShiftLeft", "Shift", "s"));
    expect(log.at(-1)).toBe("-ShiftLeft=Shift/1");
    keyboard.up(key("ShiftRight", "Shift"));
    expect(log.at(-1)).toBe("-ShiftRight=Shift");
  });

  test("what is composed is left to the text field", () => {
    const { keyboard, log } = setUp();
    expect(keyboard.down(key("BracketLeft", "Dead"))).toBe(false);
    expect(keyboard.down(key("KeyA", "Process", "", { keyCode: 229 }))).toBe(false);
    expect(keyboard.down(key("", "Unidentified", "", { keyCode: 229 }))).toBe(false);
    expect(keyboard.down(key("KeyA", "a", "", { isComposing: true }))).toBe(false);
    keyboard.up(key("KeyA", "a"));
    expect(log).toEqual([]);
  });

  test("locks and AltGraph are told, not pressed", () => {
    const { keyboard, log } = setUp();
    keyboard.down(key("CapsLock", "CapsLock", "L"));
    keyboard.down(key("AltRight", "AltGraph", "Lg"));
    keyboard.down(key("KeyQ", "@", "Lg"));
    expect(log).toEqual(["+KeyQ=@/48"]);
  });

  test("several characters of one key go as text", () => {
    const { keyboard, log } = setUp();
    keyboard.down(key("KeyB", "لا"));
    keyboard.down(key("KeyG", "😀"));
    expect(log).toEqual(['"لا"', "+KeyG=😀"]);
  });

  test("PrintScreen of Windows, which tells only its release", () => {
    const { keyboard, log } = setUp("windows");
    keyboard.up(key("PrintScreen", "PrintScreen"));
    expect(log).toEqual(["+PrintScreen=PrintScreen", "-PrintScreen=PrintScreen"]);
  });

  test("release all forgets what is held", () => {
    const { keyboard, log } = setUp();
    keyboard.down(key("KeyA", "a"));
    keyboard.releaseAll();
    keyboard.up(key("KeyA", "a"));
    expect(log).toEqual(["+KeyA=a", "releaseAll"]);
  });

  test("Control, Alt and Shift alone leave the picture; with a key they do not", () => {
    const { keyboard } = setUp();
    const left = vi.fn();
    keyboard.onLeave = left;
    const all = () => {
      keyboard.down(key("ControlLeft", "Control", "c"));
      keyboard.down(key("AltLeft", "Alt", "ca"));
      keyboard.down(key("ShiftLeft", "Shift", "cas"));
    };
    all();
    keyboard.down(key("KeyX", "X", "cas"));
    keyboard.up(key("KeyX", "X", "cas"));
    keyboard.up(key("ShiftLeft", "Shift", "ca"));
    expect(left).not.toHaveBeenCalled();
    keyboard.releaseAll();
    all();
    keyboard.up(key("ShiftLeft", "Shift", "ca"));
    expect(left).toHaveBeenCalledOnce();
  });
});

describe("on Windows", () => {
  test("AltGr leaves no Control behind", () => {
    const { keyboard, log } = setUp("windows");
    keyboard.down(key("ControlLeft", "Control", "c"));
    keyboard.down(key("AltRight", "AltGraph", "cag"));
    keyboard.down(key("KeyQ", "@", "cag"));
    keyboard.up(key("KeyQ", "@", "cag"));
    keyboard.up(key("ControlLeft", "Control", "a"));
    keyboard.up(key("AltRight", "AltGraph"));
    vi.runAllTimers();
    expect(log).toEqual(["+KeyQ=@/16", "-KeyQ=@/16"]);
  });

  test("AltGr that comes late takes Control back", () => {
    const { keyboard, log } = setUp("windows");
    keyboard.down(key("ControlLeft", "Control", "c"));
    vi.runAllTimers();
    keyboard.down(key("AltRight", "AltGraph", "cag"));
    expect(log).toEqual(["+ControlLeft=Control/2", "-ControlLeft=Control/16"]);
  });

  test("Control itself comes before its key, and alone after a moment", () => {
    const { keyboard, log } = setUp("windows");
    keyboard.down(key("ControlLeft", "Control", "c"));
    keyboard.down(key("KeyC", "c", "c"));
    keyboard.up(key("KeyC", "c", "c"));
    keyboard.up(key("ControlLeft", "Control"));
    expect(log).toEqual(["+ControlLeft=Control/2", "+KeyC=c/2", "-KeyC=c/2", "-ControlLeft=Control"]);
    log.length = 0;
    keyboard.down(key("ControlLeft", "Control", "c"));
    expect(log).toEqual([]);
    vi.advanceTimersByTime(50);
    expect(log).toEqual(["+ControlLeft=Control/2"]);
  });

  test("a short press of Control arrives", () => {
    const { keyboard, log } = setUp("windows");
    keyboard.down(key("ControlLeft", "Control", "c"));
    keyboard.up(key("ControlLeft", "Control"));
    expect(log).toEqual(["+ControlLeft=Control/2", "-ControlLeft=Control"]);
  });

  test("Control and Alt in place of AltGr are released for the character", () => {
    const { keyboard, log } = setUp("windows");
    keyboard.down(key("ControlLeft", "Control", "c"));
    keyboard.down(key("AltLeft", "Alt", "ca"));
    keyboard.down(key("KeyQ", "@", "cag"));
    expect(log).toEqual([
      "+ControlLeft=Control/2",
      "+AltLeft=Alt/6",
      "-ControlLeft=Control/16",
      "-AltLeft=Alt/16",
      "+KeyQ=@/16",
    ]);
  });
});

describe("on a Mac", () => {
  test("Option leads to a character and is not held for it", () => {
    const { keyboard, log } = setUp("mac");
    keyboard.down(key("AltLeft", "Alt", "a"));
    keyboard.down(key("KeyL", "@", "a"));
    keyboard.up(key("KeyL", "@", "a"));
    keyboard.up(key("AltLeft", "Alt"));
    expect(log).toEqual(["+KeyL=@/16", "-KeyL=@/16"]);
  });

  test("Option with a dead key does nothing else", () => {
    const { keyboard, log } = setUp("mac");
    keyboard.down(key("AltLeft", "Alt", "a"));
    keyboard.down(key("KeyE", "Dead", "a"));
    keyboard.up(key("AltLeft", "Alt"));
    expect(log).toEqual([]);
  });

  test("Option is Alt for other keys, clicks and by itself", () => {
    const { keyboard, log } = setUp("mac");
    keyboard.down(key("AltLeft", "Alt", "a"));
    keyboard.down(key("Tab", "Tab", "a"));
    keyboard.up(key("Tab", "Tab", "a"));
    keyboard.up(key("AltLeft", "Alt"));
    expect(log).toEqual(["+AltLeft=Alt/4", "+Tab=Tab/4", "-Tab=Tab/4", "-AltLeft=Alt"]);
    log.length = 0;
    keyboard.down(key("AltLeft", "Alt", "a"));
    keyboard.pointing(key("", "", "a"));
    expect(log).toEqual(["+AltLeft=Alt/4"]);
    keyboard.up(key("AltLeft", "Alt"));
    log.length = 0;
    keyboard.down(key("AltLeft", "Alt", "a"));
    keyboard.up(key("AltLeft", "Alt"));
    expect(log).toEqual(["+AltLeft=Alt/4", "-AltLeft=Alt"]);
  });

  test("keys under Command are released at once, since their release is never told", () => {
    const { keyboard, log } = setUp("mac");
    keyboard.down(key("MetaLeft", "Meta", "m"));
    keyboard.down(key("KeyC", "c", "m"));
    keyboard.up(key("MetaLeft", "Meta"));
    expect(log).toEqual(["+MetaLeft=Meta/8", "+KeyC=c/8", "-KeyC=c/8", "-MetaLeft=Meta"]);
  });
});
