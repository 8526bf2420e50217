import { useCallback, useSyncExternalStore } from "react";

// What belongs to this browser rather than to the agent: kept in localStorage, the same in all tabs.

const EVENT = "deskhand-preference";

function subscribe(watcher: () => void): () => void {
  window.addEventListener("storage", watcher);
  window.addEventListener(EVENT, watcher);
  return () => {
    window.removeEventListener("storage", watcher);
    window.removeEventListener(EVENT, watcher);
  };
}

/** A text that this browser remembers. */
export function usePreference(name: string, initial: string): [string, (value: string) => void] {
  const key = `deskhand.${name}`;
  const value = useSyncExternalStore(subscribe, () => localStorage.getItem(key) ?? initial);
  const set = useCallback(
    (next: string) => {
      localStorage.setItem(key, next);
      window.dispatchEvent(new Event(EVENT));
    },
    [key],
  );
  return [value, set];
}

/** A yes or no that this browser remembers. */
export function useSwitch(name: string, initial: boolean): [boolean, (on: boolean) => void] {
  const [value, set] = usePreference(name, initial ? "on" : "off");
  return [value === "on", useCallback((on: boolean) => set(on ? "on" : "off"), [set])];
}
