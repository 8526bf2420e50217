import { Button } from "@mantine/core";
import { useTranslation } from "react-i18next";
import type { Computer } from "../../api/computers";
import { useMe } from "../../api/me";
import classes from "./computers.module.css";
import type { Doing } from "./doing";

/** What can be done with several computers at once. */
export function SelectionBar(props: { selected: Computer[]; onDo: (doing: Doing) => void; onClear: () => void }) {
  const { selected, onDo, onClear } = props;
  const { t } = useTranslation();
  const me = useMe();
  const mine = selected.filter((c) => c.owner.id === me.id || me.role === "administrator");
  const label = t("computers.selected", { count: selected.length });
  return (
    <div role="group" aria-label={label} className={classes.selection}>
      <span aria-live="polite">{label}</span>
      <Button onClick={() => onDo({ what: "place", computers: selected })}>{t("computers.moveTo")}</Button>
      {mine.length === selected.length && (
        <Button color="bad" onClick={() => onDo({ what: "remove", computers: selected })}>
          {t("computers.remove")}
        </Button>
      )}
      <Button variant="subtle" onClick={onClear}>
        {t("computers.clearSelection")}
      </Button>
    </div>
  );
}
