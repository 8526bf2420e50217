import { useVirtualizer } from "@tanstack/react-virtual";
import {
  Fragment,
  type ReactNode,
  type RefObject,
  useImperativeHandle,
  useLayoutEffect,
  useRef,
  useState,
} from "react";
import classes from "./group-tree.module.css";

/** Up to here all lines are drawn. */
const DRAW_ALL = 60;
const LINE = 33;

export interface Lines {
  /** Draws a line that is out of sight, so that it can take the focus. */
  show: (index: number) => void;
}

interface LinesProps {
  count: number;
  keyOf: (index: number) => string;
  render: (index: number) => ReactNode;
  lines: RefObject<Lines | null>;
}

/** The lines of a tree; of many only those that are seen are drawn. */
export function TreeLines(props: LinesProps) {
  if (props.count > DRAW_ALL) return <Seen {...props} />;
  return Array.from({ length: props.count }, (_, index) => (
    <Fragment key={props.keyOf(index)}>{props.render(index)}</Fragment>
  ));
}

function Seen({ count, keyOf, render, lines }: LinesProps) {
  const body = useRef<HTMLDivElement>(null);
  const [margin, setMargin] = useState(0);
  const scroller = () => body.current?.closest<HTMLElement>("[role=tree]")?.parentElement ?? null;
  useLayoutEffect(() => setMargin(body.current?.offsetTop ?? 0), []);
  const virtual = useVirtualizer({
    count,
    getScrollElement: scroller,
    estimateSize: () => LINE,
    getItemKey: keyOf,
    overscan: 10,
    scrollMargin: margin,
  });
  useImperativeHandle(lines, () => ({ show: (index) => virtual.scrollToIndex(index) }), [virtual]);
  return (
    <div ref={body} role="none" className={classes.seen} style={{ height: virtual.getTotalSize() }}>
      {virtual.getVirtualItems().map((item) => (
        <div
          key={item.key}
          ref={virtual.measureElement}
          role="none"
          data-index={item.index}
          className={classes.line}
          style={{ top: item.start - margin }}
        >
          {render(item.index)}
        </div>
      ))}
    </div>
  );
}
