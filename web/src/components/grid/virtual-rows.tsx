import { measureElement, useVirtualizer } from "@tanstack/react-virtual";
import { useCallback, useEffect, useLayoutEffect, useRef, useState } from "react";
import { usePageScroller } from "../page";
import classes from "./grid.module.css";
import type { RowsProps } from "./rows";

/** The rows of a long list, of which only those that are seen are drawn. */
export default function VirtualRows<T>({ rows, rowId, rowHeight, render, onEnd }: RowsProps<T>) {
  const scroller = usePageScroller();
  const body = useRef<HTMLDivElement>(null);
  const [margin, setMargin] = useState(0);
  // What lies above the rows can change its height (a banner, a section that opens), so this looks after every render.
  useLayoutEffect(() => {
    if (!body.current || !scroller.current) return;
    const top = body.current.getBoundingClientRect().top - scroller.current.getBoundingClientRect().top;
    const now = Math.round(top + scroller.current.scrollTop);
    setMargin((old) => (Math.abs(old - now) > 1 ? now : old));
  });
  // With another function all rows are laid out again: the same one for the same rows.
  const keyOf = useCallback((index: number) => rowId(rows[index]!), [rows, rowId]);
  // The first row that is measured tells more than the page knew: what comes later is drawn once, in its place.
  const typical = useRef<number>(undefined);
  const virtual = useVirtualizer<HTMLElement, HTMLDivElement>({
    count: rows.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => typical.current ?? rowHeight,
    measureElement: (...row) => {
      const size = measureElement(...row);
      typical.current ??= size;
      return size;
    },
    getItemKey: keyOf,
    overscan: 12,
    scrollMargin: margin,
  });
  const items = virtual.getVirtualItems();
  const last = items.at(-1)?.index ?? 0;
  useEffect(() => {
    if (last >= rows.length - 20) onEnd?.();
  }, [last, rows.length, onEnd]);
  return (
    <div role="rowgroup" ref={body} className={classes.virtual} style={{ height: virtual.getTotalSize() }}>
      {items.map((item) => (
        <div
          key={item.key}
          role="presentation"
          data-index={item.index}
          ref={virtual.measureElement}
          className={classes.virtualRow}
          style={{ top: item.start - margin }}
        >
          {render(rows[item.index]!, item.index)}
        </div>
      ))}
    </div>
  );
}
