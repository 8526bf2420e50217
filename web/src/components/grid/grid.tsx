import { type CSSProperties, type MouseEvent, memo, type ReactNode, useMemo, useRef } from "react";
import { useTranslation } from "react-i18next";
import classes from "./grid.module.css";
import { HeaderCell, type Sorting } from "./header-cell";
import { GridRows } from "./rows";
import { useFresh } from "./use-fresh";
import { useWidth } from "./use-width";

/** One column of a Grid, and where its cell goes when the grid is too narrow for columns and draws cards. */
export interface Column<T> {
  id: string;
  header: string;
  /** A CSS grid track with a fixed or fr size, the same for every row: "120px", "minmax(120px, 1fr)". */
  track: string;
  cell: (row: T) => ReactNode;
  /** What the column sorts by in a SortedGrid; without it the column does not sort. */
  value?: (row: T) => string | number;
  /** Its name for whoever sorts the rows, where that is not the grid; see GridProps.sort. */
  sort?: string;
  /** Numbers and times align at the right. */
  end?: boolean;
  /**
   * In a card: the first line, the end of the first line, a line below, the last line, the end of the last line, before all of
   * them, or nowhere.
   */
  slot: "lead" | "side" | "line" | "act" | "menu" | "mark" | "none";
  /** In a card the value needs its column's name before it. */
  named?: boolean;
  headerHidden?: boolean;
  /** Shown only where the grid is at least this wide, in pixels, or draws cards. */
  from?: number;
}

export interface GridProps<T> {
  label: string;
  columns: Column<T>[];
  rows: T[];
  rowId: (row: T) => string;
  /** Expected height of a row in pixels, before it is measured. */
  rowHeight: number;
  /** Ids of columns that are not shown. */
  hidden?: readonly string[];
  /** Drawn below a row's cells, across all columns. */
  below?: (row: T) => ReactNode;
  /** A row that is over and cannot be acted upon. */
  gone?: (row: T) => boolean;
  /** Wider than the page: it scrolls sideways, with the first column in sight. */
  wide?: boolean;
  /** How many rows there are in all; -1 when nobody knows yet. */
  total?: number;
  /** Called when the last rows come into sight. */
  onEnd?: () => void;
  /** The rows come sorted; a click on a column that has a name asks for another order. */
  sort?: { by: string; descending: boolean; onSort: (by: string) => void };
  /** How each column sorts, where sort does not say it: see SortedGrid. */
  sorting?: (column: Column<T>) => Sorting;
  /** Called for a click on a row, not on what can be clicked within. Who uses keys needs a link or button in the row. */
  onOpen?: (row: T) => void;
  /** The id of the row that is open. */
  open?: string;
}

/** Up to this width rows are cards; the same number stands in grid.module.css. */
const CARDS = 720;

/** A table of live rows. Many rows are drawn only where they are seen; new ones fade in; on a phone each row is a card. */
export function Grid<T extends object>(props: GridProps<T>) {
  const { i18n } = useTranslation();
  const { columns, rows, rowId, hidden } = props;
  const frame = useRef<HTMLDivElement>(null);
  const width = useWidth(frame);
  const shown = useMemo(() => {
    const tooNarrow = ({ from }: Column<T>) => from !== undefined && width > CARDS && width < from;
    return columns.filter((column) => !hidden?.includes(column.id) && !tooNarrow(column));
  }, [columns, hidden, width]);
  const sorting = (column: Column<T>) => props.sorting?.(column) ?? sortedBy(props.sort, column.sort);
  const fresh = useFresh(rows, rowId);
  const tracks = { "--tracks": shown.map((column) => column.track).join(" ") } as CSSProperties;
  return (
    <div ref={frame} className={classes.frame} data-wide={props.wide || undefined} lang={i18n.language}>
      <div
        role="table"
        aria-label={props.label}
        aria-rowcount={props.total ?? rows.length + 1}
        className={classes.grid}
        style={tracks}
      >
        <div role="rowgroup" className={classes.headGroup}>
          <div role="row" className={classes.headRow} aria-rowindex={1}>
            {shown.map((column) => (
              <HeaderCell key={column.id} column={column} sorting={sorting(column)} />
            ))}
          </div>
        </div>
        <GridRows
          rows={rows}
          rowId={rowId}
          rowHeight={props.rowHeight}
          onEnd={props.onEnd}
          render={(row, index) => (
            <div
              role="row"
              aria-rowindex={index + 2}
              className={classes.row}
              data-row={rowId(row)}
              data-fresh={fresh.has(rowId(row)) || undefined}
              data-gone={props.gone?.(row) || undefined}
              data-open={rowId(row) === props.open || undefined}
              {...(props.onOpen ? { onClick: (event: MouseEvent) => openRow(event, () => props.onOpen?.(row)) } : {})}
            >
              <Cells row={row} columns={shown} />
              {props.below?.(row)}
            </div>
          )}
        />
      </div>
    </div>
  );
}

/** A row's cells, drawn anew only when the row or the columns are others. */
const Cells = memo(function Cells<T>({ row, columns }: { row: T; columns: Column<T>[] }) {
  return columns.map((column) => (
    <div
      role="cell"
      key={column.id}
      className={classes.cell}
      data-slot={column.slot}
      data-end={column.end || undefined}
      data-name={column.named ? column.header : undefined}
    >
      {column.cell(row)}
    </div>
  ));
}) as <T>(props: { row: T; columns: Column<T>[] }) => ReactNode;

/** A header's view of an order that somebody else keeps. */
function sortedBy(sort: GridProps<object>["sort"], name: string | undefined): Sorting {
  return {
    getCanSort: () => sort !== undefined && name !== undefined,
    getIsSorted: () => sort?.by === name && name !== undefined && (sort?.descending ? "desc" : "asc"),
    toggleSorting: () => name !== undefined && sort?.onSort(name),
  };
}

/** A click on a row opens it, unless it is meant for something within or marks text. */
function openRow(event: MouseEvent, open: () => void): void {
  const within = event.target instanceof Element && event.target.closest("a, button, input, label");
  if (!within && !getSelection()?.toString()) open();
}
