import { useEffect, useSyncExternalStore } from "react";

// Around a picture everything is dark, whatever the agent's theme is.

let count = 0;
const watchers = new Set<() => void>();

function change(by: 1 | -1): void {
  count += by;
  for (const each of watchers) each();
}

function subscribe(watcher: () => void): () => void {
  watchers.add(watcher);
  return () => watchers.delete(watcher);
}

/** Dark for as long as the component is there. */
export function useAlwaysDark(): void {
  useEffect(() => {
    change(1);
    return () => change(-1);
  }, []);
}

/** The scheme that a page insists on. */
export function useForcedScheme(): "dark" | undefined {
  return useSyncExternalStore(subscribe, () => count > 0) ? "dark" : undefined;
}
