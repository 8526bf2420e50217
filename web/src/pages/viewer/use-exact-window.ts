import { useSyncExternalStore } from "react";

/**
 * Whether the window has exactly the size of a picture in the display's pixels: with nothing beside it, the picture is shown pixel for
 * pixel, sharper and with less work for the browser than a little smaller.
 */
export function useExactWindow(width: number, height: number): boolean {
  return useSyncExternalStore(subscribe, () => {
    const density = devicePixelRatio || 1;
    return Math.round(innerWidth * density) === width && Math.round(innerHeight * density) === height;
  });
}

function subscribe(changed: () => void): () => void {
  window.addEventListener("resize", changed);
  return () => window.removeEventListener("resize", changed);
}
