import { notifications } from "@mantine/notifications";
import { useTranslation } from "react-i18next";
import { type AgentRow, useResetFactor } from "../../../api/agents";
import { ConfirmDialog } from "../../../components/confirm-dialog";

/** Asks before an agent's second factor is removed. */
export function ResetFactor({ agent, onClose }: { agent: AgentRow | undefined; onClose: () => void }) {
  const { t } = useTranslation();
  const reset = useResetFactor();
  return (
    <ConfirmDialog
      about={agent}
      title={() => t("agents.resetFactor")}
      text={({ name }) => t("agents.resetFactorText", { name })}
      button={t("agents.resetFactor")}
      act={reset}
      onConfirm={({ id }, close) =>
        reset.mutate(id, {
          onSuccess: () => {
            notifications.show({ message: t("agents.factorReset") });
            close();
          },
        })
      }
      onClose={onClose}
    />
  );
}
