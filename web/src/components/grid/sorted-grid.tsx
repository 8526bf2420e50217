import { createSortedRowModel, type Row, rowSortingFeature, tableFeatures, useTable } from "@tanstack/react-table";
import { useMemo } from "react";
import { compareNames } from "../../i18n/format";
import { Grid, type GridProps } from "./grid";

const features = tableFeatures({ rowSortingFeature, sortedRowModel: createSortedRowModel() });
type Features = typeof features;

function order(a: unknown, b: unknown): number {
  return typeof a === "number" && typeof b === "number" ? a - b : compareNames(String(a), String(b));
}

/** A Grid that sorts by what its columns give as their value, where somebody clicks on a column's name. */
export function SortedGrid<T extends object>(props: Omit<GridProps<T>, "sort" | "sorting">) {
  const { columns, rows, rowId } = props;
  const defs = useMemo(
    () =>
      columns.map((column) => ({
        id: column.id,
        accessorFn: (row: T) => column.value?.(row) ?? "",
        enableSorting: column.value !== undefined,
        sortFn: (a: Row<Features, T>, b: Row<Features, T>, id: string) => order(a.getValue(id), b.getValue(id)),
      })),
    [columns],
  );
  const table = useTable<Features, T>({ features, columns: defs, data: rows, getRowId: rowId });
  const model = table.getRowModel();
  const sorted = useMemo(() => model.rows.map((row) => row.original), [model]);
  return <Grid {...props} rows={sorted} sorting={(column) => table.getColumn(column.id)!} />;
}
