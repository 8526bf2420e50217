import { Fragment, lazy, type ReactNode, Suspense, useEffect } from "react";
import { ahead } from "../ahead";

const VirtualRows = lazy(ahead(() => import("./virtual-rows"))) as typeof import("./virtual-rows").default;

/** Up to here all rows are drawn: the browser's own search finds them, and nothing needs measuring. */
const DRAW_ALL = 60;

export interface RowsProps<T> {
  rows: T[];
  rowId: (row: T) => string;
  rowHeight: number;
  render: (row: T, index: number) => ReactNode;
  onEnd?: () => void;
}

/** The body of a Grid. What draws many rows is fetched for the first of them; until it is there one sees the first rows. */
export function GridRows<T>(props: RowsProps<T>) {
  if (props.rows.length <= DRAW_ALL) return <All {...props} />;
  return (
    <Suspense fallback={<All {...props} rows={props.rows.slice(0, DRAW_ALL)} onEnd={undefined} />}>
      <VirtualRows {...props} />
    </Suspense>
  );
}

function All<T>({ rows, rowId, render, onEnd }: RowsProps<T>) {
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
