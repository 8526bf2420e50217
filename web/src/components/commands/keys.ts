import { useEffect, useRef } from "react";
import { useSwitch } from "../use-preference";

// Keys that act on the whole page. Those without a modifier act only where nobody is writing, and can be switched off (WCAG 2.1.4).

/** How long after the first key of two the second one counts, milliseconds. */
const TOGETHER = 1500;

export interface Binding {
  /** One key, or two one after the other. "mod" is Control, on a Mac the Command key. */
  keys: readonly [string] | readonly [string, string];
  run: () => void;
}

/** Whether keys without a modifier act. */
export const useSingleKeys = () => useSwitch("single-keys", true);

export const isMac = () => /Mac|iPhone|iPad/.test(navigator.platform);

/** Whether a key typed there belongs to what has the focus. */
export function writesInto(target: EventTarget | null): boolean {
  return (
    target instanceof HTMLElement &&
    target.closest(
      "input:not([type=checkbox], [type=radio], [type=button]), textarea, select, canvas, [contenteditable], [role=dialog], [role=menu], [role=listbox], [role=application]",
    ) !== null
  );
}

/**
 * While a window with a field for writing is on its way, what is typed already goes into that field: not to the page, whose keys
 * would act, and not to nowhere. Enter waits until one sees what it would choose.
 */
export function useTypeAhead(opened: boolean, type: (letter: string) => void): void {
  const now = useRef(type);
  now.current = type;
  useEffect(() => {
    if (!opened) return;
    const press = (event: KeyboardEvent) => {
      const there = event.target instanceof HTMLElement && event.target.hasAttribute("data-autofocus");
      const letter = [...event.key].length === 1;
      if (there || event.ctrlKey || event.metaKey || event.altKey || !(letter || event.key === "Enter")) return;
      event.preventDefault();
      event.stopPropagation();
      if (letter) now.current(event.key);
    };
    document.addEventListener("keydown", press, true);
    return () => document.removeEventListener("keydown", press, true);
  }, [opened]);
}

/** Runs what is bound to the keys that are pressed. */
export function useKeys(bindings: readonly Binding[]): void {
  const [single] = useSingleKeys();
  const now = useRef(bindings);
  now.current = bindings;
  useEffect(() => {
    let first = { key: "", at: 0 };
    const press = (event: KeyboardEvent) => {
      if (event.defaultPrevented || event.isComposing || event.repeat) return;
      const modified = event.ctrlKey || event.metaKey || event.altKey;
      const mod = (isMac() ? event.metaKey && !event.ctrlKey : event.ctrlKey && !event.metaKey) && !event.altKey;
      if (modified ? !mod || event.shiftKey : !single || writesInto(event.target)) return;
      const key = modified ? `mod+${event.key.toLowerCase()}` : event.key.toLowerCase();
      const before = event.timeStamp - first.at < TOGETHER ? first.key : "";
      first = { key, at: event.timeStamp };
      const bound =
        now.current.find((one) => one.keys.length === 2 && one.keys[0] === before && one.keys[1] === key) ??
        now.current.find((one) => one.keys.length === 1 && one.keys[0] === key);
      if (!bound) return;
      first = { key: "", at: 0 };
      event.preventDefault();
      bound.run();
    };
    document.addEventListener("keydown", press);
    return () => document.removeEventListener("keydown", press);
  }, [single]);
}
