import { useTranslation } from "react-i18next";
import { type AgentRow, useSetDisabled } from "../../../api/agents";
import { ConfirmDialog } from "../../../components/confirm-dialog";

/** Asks before agents are kept out. */
export function DisableDialog(props: { agents: AgentRow[] | undefined; onClose: () => void; onDone: () => void }) {
  const { t } = useTranslation();
  const set = useSetDisabled();
  return (
    <ConfirmDialog
      about={props.agents}
      title={(agents) =>
        agents.length === 1
          ? t("agents.disableOne", { name: agents[0]!.name })
          : t("agents.disableTitle", { count: agents.length })
      }
      text={() => t("agents.disableText")}
      button={t("agents.disable")}
      act={set}
      onConfirm={(agents, close) =>
        set.mutate(
          { ids: agents.map((agent) => agent.id), disabled: true },
          {
            onSuccess: () => {
              close();
              props.onDone();
            },
          },
        )
      }
      onClose={props.onClose}
    />
  );
}
