import { Button } from "@mantine/core";
import { useTranslation } from "react-i18next";
import { type Computer, isOthers } from "../../api/computers";
import { useMe } from "../../api/me";
import { SelectionBar } from "../../components/selection-bar";
import type { Doing } from "./doing";
import { rootPlace } from "./tree";

/** What can be done with several computers at once: what may be done with each of them. */
export function ComputerSelection(props: {
  selected: Computer[];
  wakeable: ReadonlySet<string>;
  onDo: (doing: Doing) => void;
  onClear: () => void;
}) {
  const { selected: computers, onDo, onClear } = props;
  const { t } = useTranslation();
  const me = useMe();
  const own = computers.every((c) => c.owner.id === me.id);
  const rules = own || me.role === "administrator";
  const hidden = computers.filter((c) => c.visibility === "me").map((c) => c.id);
  const shown = computers.filter((c) => c.visibility === "everyone").map((c) => c.id);
  const asleep = computers.filter((c) => props.wakeable.has(c.id));
  return (
    <SelectionBar count={computers.length} onClear={onClear}>
      {!computers.some((c) => isOthers(c, me)) && (
        <Button onClick={() => onDo({ what: "place", computers })}>{t("computers.moveTo")}</Button>
      )}
      <Button onClick={() => onDo({ what: "tags", computers })}>{t("computers.tags")}</Button>
      {rules && <Button onClick={() => onDo({ what: "owner", computers })}>{t("column.owner")}</Button>}
      {own && hidden.length > 0 && (
        <Button onClick={() => onDo({ what: "move", ids: hidden, to: rootPlace("everyone") })}>
          {t("computers.showToEveryone")}
        </Button>
      )}
      {own && shown.length > 0 && (
        <Button onClick={() => onDo({ what: "move", ids: shown, to: rootPlace("me") })}>
          {t("computers.showToMe")}
        </Button>
      )}
      {asleep.length > 0 && (
        <Button onClick={() => onDo({ what: "wake", computers: asleep })}>{t("computers.wake")}</Button>
      )}
      {rules && (
        <Button color="bad" onClick={() => onDo({ what: "remove", computers })}>
          {t("computers.remove")}
        </Button>
      )}
    </SelectionBar>
  );
}
