import { useVirtualizer } from "@tanstack/react-virtual";
import { Fragment, type ReactNode, useEffect, useLayoutEffect, useRef, useState } from "react";
import { usePageScroller } from "../page";
import classes from "./grid.module.css";

/** Up to here all rows are drawn: the browser's own search finds them, and nothing needs measuring. */
const DRAW_ALL = 60;

interface VirtualRowsProps<T> {
  rows: T[];
  rowId: (row: T) => string;
  rowHeight: number;
  render: (row: T, index: number) => ReactNode;
  onEnd?: () => void;
}

/** The body of a Grid. */
export function VirtualRows<T>(props: VirtualRowsProps<T>) {
  return props.rows.length > DRAW_ALL ? <Virtual {...props} /> : <All {...props} />;
}

function All<T>({ rows, rowId, render, onEnd }: VirtualRowsProps<T>) {
  // biome-ignore lint/correctness/useExhaustiveDependencies: the end is in sight again after every page
  useEffect(() => onEnd?.(), [rows.length, onEnd]);
  return (
    <div role="rowgroup">
      {rows.map((row, index) => (
        <Fragment key={rowId(row)}>{render(row, index)}</Fragment>
      ))}
    </div>
  );
}

function Virtual<T>({ rows, rowId, rowHeight, render, onEnd }: VirtualRowsProps<T>) {
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
  const virtual = useVirtualizer({
    count: rows.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => rowHeight,
    getItemKey: (index) => rowId(rows[index]!),
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
          style={{ transform: `translateY(${item.start - margin}px)` }}
        >
          {render(rows[item.index]!, item.index)}
        </div>
      ))}
    </div>
  );
}
