import { Button } from "@mantine/core";
import { useTranslation } from "react-i18next";
import type { Computer } from "../../api/computers";
import { useMe } from "../../api/me";
import { SelectionBar } from "../../components/selection-bar";
import type { Doing } from "./doing";

/** What can be done with several computers at once. */
export function ComputerSelection(props: { selected: Computer[]; onDo: (doing: Doing) => void; onClear: () => void }) {
  const { selected, onDo, onClear } = props;
  const { t } = useTranslation();
  const me = useMe();
  const mine = selected.filter((c) => c.owner.id === me.id || me.role === "administrator");
  return (
    <SelectionBar count={selected.length} onClear={onClear}>
      <Button onClick={() => onDo({ what: "place", computers: selected })}>{t("computers.moveTo")}</Button>
      {mine.length === selected.length && (
        <Button color="bad" onClick={() => onDo({ what: "remove", computers: selected })}>
          {t("computers.remove")}
        </Button>
      )}
    </SelectionBar>
  );
}
