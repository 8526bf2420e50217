import { type PointerEvent as ReactPointerEvent, useEffect, useRef, useState } from "react";

// Live rows never move what the pointer is about to click: while it is over the list, a row that is gone keeps its place (and
// says that it ended), a line of waiting people below a row keeps its length, and new rows come at the end.

export interface Steady<T> {
  rows: T[];
  /** Rows that are only kept for their place. */
  gone: ReadonlySet<string>;
}

/** The rows to draw now. merge takes what may change without moving anything from next into shown. */
export function steady<T>(
  shown: readonly T[],
  next: readonly T[],
  id: (row: T) => string,
  merge: (shown: T, next: T) => T,
): Steady<T> {
  const coming = new Map(next.map((row) => [id(row), row]));
  const gone = new Set<string>();
  const rows: T[] = [];
  for (const row of shown) {
    const now = coming.get(id(row));
    coming.delete(id(row));
    if (now === undefined) gone.add(id(row));
    rows.push(now === undefined ? row : merge(row, now));
  }
  rows.push(...coming.values());
  return { rows, gone };
}

export interface SteadyRows<T> extends Steady<T> {
  /** For the element around the rows. */
  pointer: { onPointerEnter(event: ReactPointerEvent<HTMLElement>): void; onPointerLeave(): void };
}

/** Rows that stay where they are while the pointer is over them. */
export function useSteady<T>(next: T[], id: (row: T) => string, merge: (shown: T, next: T) => T): SteadyRows<T> {
  const [held, setHeld] = useState(false);
  const shown = useRef<T[]>(next);
  const list = useRef<HTMLElement>(undefined);

  // A menu or a dialog that closes under the pointer takes the leaving with it: the next place that the pointer reaches tells.
  useEffect(() => {
    if (!held) return;
    const over = ({ target }: PointerEvent) => {
      const on = target instanceof Element && (list.current?.contains(target) || target.closest("[role=menu]"));
      if (!on) setHeld(false);
    };
    document.addEventListener("pointerover", over);
    return () => document.removeEventListener("pointerover", over);
  }, [held]);

  const result: Steady<T> = held ? steady(shown.current, next, id, merge) : { rows: next, gone: new Set() };
  shown.current = result.rows;
  const pointer = {
    onPointerEnter: (event: ReactPointerEvent<HTMLElement>) => {
      list.current = event.currentTarget;
      setHeld(true);
    },
    onPointerLeave: () => setHeld(false),
  };
  return { ...result, pointer };
}
