import { useEffect, useRef, useState } from "react";

/** How long a new row is marked, in milliseconds: as long as its animation. */
const MARKED = 1600;

/** The ids of rows that came after the list was first filled, for a moment each. */
export function useFresh<T>(rows: T[], rowId: (row: T) => string): ReadonlySet<string> {
  const known = useRef<Set<string> | undefined>(undefined);
  const [fresh, setFresh] = useState<ReadonlySet<string>>(new Set());
  useEffect(() => {
    const ids = rows.map(rowId);
    if (!known.current) {
      known.current = new Set(ids);
      return;
    }
    const added = ids.filter((id) => !known.current?.has(id));
    for (const id of added) known.current.add(id);
    // A whole page of the log that was scrolled to is not news.
    if (added.length === 0 || added.length > 10) return;
    setFresh(new Set(added));
  }, [rows, rowId]);
  useEffect(() => {
    if (fresh.size === 0) return;
    const timer = setTimeout(() => setFresh(new Set()), MARKED);
    return () => clearTimeout(timer);
  }, [fresh]);
  return fresh;
}
