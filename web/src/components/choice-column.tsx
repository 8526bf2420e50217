import { Checkbox } from "@mantine/core";
import type { TFunction } from "i18next";
import { useTranslation } from "react-i18next";
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
    cell: (row) => may(row) && <Choice row={row} {...choosing} />,
  };
}

function Choice({ row, chosen, onChoose }: Choosing & { row: Named }) {
  const { t } = useTranslation();
  return (
    <Checkbox
      size="xs"
      aria-label={t("selection.select", { name: row.name })}
      checked={chosen.has(row.id)}
      onChange={() => {
        const now = new Set(chosen);
        if (!now.delete(row.id)) now.add(row.id);
        onChoose(now);
      }}
    />
  );
}
