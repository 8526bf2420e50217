import { Button, Modal } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import { useTranslation } from "react-i18next";
import { type AgentRow, useResetFactor } from "../../../api/agents";
import { FaultBanner } from "../../../components/banner";
import { DialogButtons } from "../../../components/dialog-buttons";
import { useKept } from "../../../components/use-kept";

/** Asks before an agent's second factor is removed. */
export function ResetFactor(props: { agent: AgentRow | undefined; onClose: () => void }) {
  const { t } = useTranslation();
  const reset = useResetFactor();
  const agent = useKept(props.agent);
  if (!agent) return null;
  const close = () => {
    reset.reset();
    props.onClose();
  };
  const act = () =>
    reset.mutate(agent.id, {
      onSuccess: () => {
        notifications.show({ message: t("agents.factorReset") });
        close();
      },
    });
  return (
    <Modal
      opened={props.agent !== undefined}
      onClose={close}
      size={420}
      title={t("agents.resetFactor")}
      closeButtonProps={{ "aria-label": t("action.close") }}
    >
      <p>{t("agents.resetFactorText", { name: agent.name })}</p>
      {reset.error && <FaultBanner error={reset.error} />}
      <DialogButtons>
        <Button onClick={close} data-autofocus>
          {t("action.cancel")}
        </Button>
        <Button variant="filled" color="bad" loading={reset.isPending} onClick={act}>
          {t("agents.resetFactor")}
        </Button>
      </DialogButtons>
    </Modal>
  );
}
