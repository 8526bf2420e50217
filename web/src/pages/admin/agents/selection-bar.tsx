import { Button } from "@mantine/core";
import { useTranslation } from "react-i18next";
import { type AgentRow, useSetDisabled } from "../../../api/agents";
import { FaultBanner } from "../../../components/banner";
import list from "../../../components/list.module.css";
import classes from "./agents.module.css";

/** What can be done with several agents at once. */
export function SelectionBar(props: { selected: AgentRow[]; onDisable: () => void; onClear: () => void }) {
  const { selected, onDisable, onClear } = props;
  const { t } = useTranslation();
  const set = useSetDisabled();
  const disabled = selected.filter((agent) => agent.state === "disabled");
  const enable = () => set.mutate({ ids: disabled.map((agent) => agent.id), disabled: false }, { onSuccess: onClear });
  return (
    <>
      <div role="group" aria-label={t("agents.selected", { count: selected.length })} className={classes.selection}>
        <span aria-live="polite">{t("agents.selected", { count: selected.length })}</span>
        {disabled.length < selected.length && (
          <Button color="bad" onClick={onDisable}>
            {t("agents.disable")}
          </Button>
        )}
        {disabled.length > 0 && (
          <Button loading={set.isPending} onClick={enable}>
            {t("agents.enable")}
          </Button>
        )}
        <Button variant="subtle" onClick={onClear}>
          {t("agents.clearSelection")}
        </Button>
      </div>
      {set.error && (
        <div className={list.pad}>
          <FaultBanner error={set.error} />
        </div>
      )}
    </>
  );
}
