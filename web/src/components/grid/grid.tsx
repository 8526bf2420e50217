import {
  columnVisibilityFeature,
  createSortedRowModel,
  type Row,
  rowSortingFeature,
  tableFeatures,
  useTable,
} from "@tanstack/react-table";
import { type CSSProperties, type MouseEvent, type ReactNode, useMemo, useRef } from "react";
import { useTranslation } from "react-i18next";
import { compareNames } from "../../i18n/format";
import classes from "./grid.module.css";
import { HeaderCell } from "./header-cell";
import { useFresh } from "./use-fresh";
import { useWidth } from "./use-width";
import { VirtualRows } from "./virtual-rows";

/** One column of a Grid, and where its cell goes when the grid is too narrow for columns and draws cards. */
export interface Column<T> {
  id: string;
  header: string;
  /** A CSS grid track with a fixed or fr size, the same for every row: "120px", "minmax(120px, 1fr)". */
  track: string;
  cell: (row: T) => ReactNode;
  /** What the column sorts by; without it the column does not sort. */
  value?: (row: T) => string | number;
  /** Its name for whoever sorts the rows, where that is not the grid; see GridProps.sort. */
  sort?: string;
  /** Numbers and times align at the right. */
  end?: boolean;
  /** In a card: the first line, the end of the first line, a line below, the last line, or nowhere. */
  slot: "lead" | "side" | "line" | "act" | "none";
  /** In a card the value needs its column's name before it. */
  named?: boolean;
  headerHidden?: boolean;
  /** Shown only where the grid is at least this wide, in pixels, or draws cards. */
  from?: number;
}

interface GridProps<T> {
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
  /** Called for a click on a row, not on what can be clicked within. Who uses keys needs a link or button in the row. */
  onOpen?: (row: T) => void;
  /** The id of the row that is open. */
  open?: string;
}

/** The columns' name and alignment travel with TanStack's columns. */
const features = tableFeatures({
  rowSortingFeature,
  columnVisibilityFeature,
  sortedRowModel: createSortedRowModel(),
});
export type GridFeatures = typeof features;

/** Up to this width rows are cards; the same number stands in grid.module.css. */
const CARDS = 720;

function order(a: unknown, b: unknown): number {
  return typeof a === "number" && typeof b === "number" ? a - b : compareNames(String(a), String(b));
}

/** A table of live rows. Many rows are drawn only where they are seen; new ones fade in; on a phone each row is a card. */
export function Grid<T extends object>(props: GridProps<T>) {
  const { i18n } = useTranslation();
  const { columns, rows, rowId, hidden } = props;
  const defs = useMemo(
    () =>
      columns.map((column) => ({
        id: column.id,
        accessorFn: (row: T) => column.value?.(row) ?? "",
        enableSorting: column.value !== undefined,
        sortFn: (a: Row<GridFeatures, T>, b: Row<GridFeatures, T>, id: string) => order(a.getValue(id), b.getValue(id)),
      })),
    [columns],
  );
  const frame = useRef<HTMLDivElement>(null);
  const width = useWidth(frame);
  const columnVisibility = useMemo(() => {
    const tooNarrow = columns.filter((c) => c.from !== undefined && width > CARDS && width < c.from).map((c) => c.id);
    return Object.fromEntries([...tooNarrow, ...(hidden ?? [])].map((id) => [id, false]));
  }, [columns, hidden, width]);
  const table = useTable<GridFeatures, T>({
    features,
    columns: defs,
    data: rows,
    getRowId: rowId,
    state: { columnVisibility },
  });
  const shown = table.getVisibleLeafColumns().map((c) => columns.find((column) => column.id === c.id)!);
  const drawn = table.getRowModel().rows.map((row) => row.original);
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
              <HeaderCell
                key={column.id}
                column={column}
                sorting={props.sort ? sortedBy(props.sort, column.sort) : table.getColumn(column.id)!}
              />
            ))}
          </div>
        </div>
        <VirtualRows
          rows={drawn}
          rowId={rowId}
          rowHeight={props.rowHeight}
          onEnd={props.onEnd}
          render={(row, index) => (
            <div
              role="row"
              aria-rowindex={index + 2}
              className={classes.row}
              data-fresh={fresh.has(rowId(row)) || undefined}
              data-gone={props.gone?.(row) || undefined}
              data-open={rowId(row) === props.open || undefined}
              {...(props.onOpen ? { onClick: (event: MouseEvent) => openRow(event, () => props.onOpen?.(row)) } : {})}
            >
              {shown.map((column) => (
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
              ))}
              {props.below?.(row)}
            </div>
          )}
        />
      </div>
    </div>
  );
}

/** A header's view of an order that somebody else keeps. */
function sortedBy(sort: NonNullable<GridProps<object>["sort"]>, name: string | undefined) {
  return {
    getCanSort: () => name !== undefined,
    getIsSorted: () => sort.by === name && (sort.descending ? ("desc" as const) : ("asc" as const)),
    toggleSorting: () => name !== undefined && sort.onSort(name),
  };
}

/** A click on a row opens it, unless it is meant for something within or marks text. */
function openRow(event: MouseEvent, open: () => void): void {
  const within = event.target instanceof Element && event.target.closest("a, button, input, label");
  if (!within && !getSelection()?.toString()) open();
}
