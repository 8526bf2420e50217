import { UnstyledButton, VisuallyHidden } from "@mantine/core";
import { IconArrowDown, IconArrowUp } from "@tabler/icons-react";
import type { Column } from "./grid";
import classes from "./grid.module.css";

/** What a header needs to know of its column. */
export interface Sorting {
  getCanSort(): boolean;
  getIsSorted(): false | "asc" | "desc";
  toggleSorting(): unknown;
}

export function HeaderCell<T>({ column, sorting }: { column: Column<T>; sorting: Sorting }) {
  const sorted = sorting.getIsSorted();
  const Arrow = sorted === "desc" ? IconArrowDown : IconArrowUp;
  return (
    <div
      role="columnheader"
      className={classes.headCell}
      data-end={column.end || undefined}
      aria-sort={sorted === "asc" ? "ascending" : sorted === "desc" ? "descending" : undefined}
    >
      {column.headerHidden ? (
        <VisuallyHidden>{column.header}</VisuallyHidden>
      ) : sorting.getCanSort() ? (
        <UnstyledButton
          className={classes.sort}
          data-sorted={sorted || undefined}
          onClick={() => sorting.toggleSorting()}
        >
          {column.header}
          <Arrow size={13} stroke={2} aria-hidden />
        </UnstyledButton>
      ) : (
        column.header
      )}
    </div>
  );
}
