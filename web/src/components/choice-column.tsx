import type { TFunction } from "i18next";
import classes from "./choice-column.module.css";
import type { Column } from "./grid/grid";

/** Which rows are chosen, by id. */
export interface Choosing {
  chosen: ReadonlySet<string>;
  onChoose: (ids: ReadonlySet<string>) => void;
}

interface Named {
  id: string;
  name: string;
}

/** The column with a checkbox before each row that may be chosen. */
export function choiceColumn<T extends Named>(
  t: TFunction,
  choosing: Choosing,
  may: (row: T) => boolean = () => true,
): Column<T> {
  return {
    id: "choose",
    header: t("selection.choice"),
    headerHidden: true,
    track: "20px",
    slot: "mark",
    cell: (row) => may(row) && choice(row, t("selection.select", { name: row.name }), choosing),
  };
}

/** A checkbox that looks like the others and costs next to nothing: there is one in every row. */
function choice(row: Named, label: string, { chosen, onChoose }: Choosing) {
  return (
    <input
      type="checkbox"
      className={classes.choice}
      aria-label={label}
      checked={chosen.has(row.id)}
      onChange={() => {
        const now = new Set(chosen);
        if (!now.delete(row.id)) now.add(row.id);
        onChoose(now);
      }}
    />
  );
}
