import { useSyncExternalStore } from "react";

/** The height that the keyboard on a touch screen leaves free; undefined: all of it. */
export function useVisibleHeight(): number | undefined {
  return useSyncExternalStore(subscribe, () => {
    const seen = window.visualViewport?.height;
    return seen !== undefined && seen < window.innerHeight - 60 ? Math.floor(seen) : undefined;
  });
}

function subscribe(changed: () => void): () => void {
  window.visualViewport?.addEventListener("resize", changed);
  return () => window.visualViewport?.removeEventListener("resize", changed);
}
