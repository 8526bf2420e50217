import { Button } from "@mantine/core";
import { useTranslation } from "react-i18next";
import { type AgentRow, useSetDisabled } from "../../../api/agents";
import { SelectionBar } from "../../../components/selection-bar";

/** What can be done with several agents at once. */
export function AgentSelection(props: { selected: AgentRow[]; onDisable: () => void; onClear: () => void }) {
  const { selected, onDisable, onClear } = props;
  const { t } = useTranslation();
  const set = useSetDisabled();
  const disabled = selected.filter((agent) => agent.state === "disabled");
  const enable = () => set.mutate({ ids: disabled.map((agent) => agent.id), disabled: false }, { onSuccess: onClear });
  return (
    <SelectionBar count={selected.length} onClear={onClear} error={set.error}>
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
    </SelectionBar>
  );
}
