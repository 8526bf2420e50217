import { notifications } from "@mantine/notifications";
import { useTranslation } from "react-i18next";
import { type AgentRow, useUnlinkAgent } from "../../../api/agents";
import { ConfirmDialog } from "../../../components/confirm-dialog";

/** Asks before an agent's account at the provider is unlinked. */
export function UnlinkAgent({ agent, onClose }: { agent: AgentRow | undefined; onClose: () => void }) {
  const { t } = useTranslation();
  const unlink = useUnlinkAgent();
  return (
    <ConfirmDialog
      about={agent}
      title={() => t("signOn.unlinkAgent")}
      text={({ name }) => t("signOn.unlinkAgentText", { name })}
      button={t("signOn.unlinkAgent")}
      act={unlink}
      onConfirm={({ id }, close) =>
        unlink.mutate(id, {
          onSuccess: () => {
            notifications.show({ message: t("signOn.unlinked") });
            close();
          },
        })
      }
      onClose={onClose}
    />
  );
}
