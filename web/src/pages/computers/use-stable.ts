import { useCallback, useRef } from "react";

/** A function that stays the same while what it does changes with each render: what is drawn with it need not be drawn anew. */
export function useStable<A extends unknown[], R>(does: (...args: A) => R): (...args: A) => R {
  const now = useRef(does);
  now.current = does;
  return useCallback((...args: A) => now.current(...args), []);
}
