import { useMemo, useState } from "react";
import { compareNames } from "../../i18n/format";
import { type Column, Grid, type GridProps } from "./grid";

interface Order {
  by: string;
  descending: boolean;
}

/** A Grid that sorts by what its columns give as their value, where somebody clicks on a column's name. */
export function SortedGrid<T extends object>(props: Omit<GridProps<T>, "sort" | "sorting">) {
  const { columns, rows } = props;
  const [order, setOrder] = useState<Order>();
  const sorted = useMemo(() => {
    const value = columns.find((column) => column.id === order?.by)?.value;
    return order && value ? sortBy(rows, value, order.descending) : rows;
  }, [columns, rows, order]);
  // Numbers begin with the largest, names with A; the third click takes the order away.
  const next = ({ id, value }: Column<T>): Order | undefined => {
    const first = rows[0];
    const largest = first !== undefined && typeof value?.(first) === "number";
    if (order?.by !== id) return { by: id, descending: largest };
    return order.descending === largest ? { by: id, descending: !largest } : undefined;
  };
  return (
    <Grid
      {...props}
      rows={sorted}
      sorting={(column) => ({
        getCanSort: () => column.value !== undefined,
        getIsSorted: () => order?.by === column.id && (order.descending ? "desc" : "asc"),
        toggleSorting: () => setOrder(next(column)),
      })}
    />
  );
}

/** Sorts by a value that is asked for once of each row; what is alike stays in its order. */
function sortBy<T>(rows: readonly T[], value: (row: T) => string | number, descending: boolean): T[] {
  const sign = descending ? -1 : 1;
  return rows
    .map((row) => [value(row), row] as const)
    .sort(([a], [b]) => sign * (typeof a === "number" && typeof b === "number" ? a - b : compareNames(`${a}`, `${b}`)))
    .map(([, row]) => row);
}
