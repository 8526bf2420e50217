import { Button, Modal } from "@mantine/core";
import { useTranslation } from "react-i18next";
import { type AgentRow, useSetDisabled } from "../../../api/agents";
import { FaultBanner } from "../../../components/banner";
import { DialogButtons } from "../../../components/dialog-buttons";
import { useKept } from "../../../components/use-kept";

/** Asks before agents are kept out. */
export function DisableDialog(props: { agents: AgentRow[] | undefined; onClose: () => void; onDone: () => void }) {
  const { t } = useTranslation();
  const set = useSetDisabled();
  const agents = useKept(props.agents);
  if (!agents) return null;
  const close = () => {
    set.reset();
    props.onClose();
  };
  const disable = () =>
    set.mutate(
      { ids: agents.map((agent) => agent.id), disabled: true },
      {
        onSuccess: () => {
          close();
          props.onDone();
        },
      },
    );
  const title =
    agents.length === 1
      ? t("agents.disableOne", { name: agents[0]!.name })
      : t("agents.disableTitle", { count: agents.length });
  return (
    <Modal
      opened={props.agents !== undefined}
      onClose={close}
      size={420}
      title={title}
      closeButtonProps={{ "aria-label": t("action.close") }}
    >
      <p>{t("agents.disableText")}</p>
      {set.error && <FaultBanner error={set.error} />}
      <DialogButtons>
        <Button onClick={close} data-autofocus>
          {t("action.cancel")}
        </Button>
        <Button variant="filled" color="bad" loading={set.isPending} onClick={disable}>
          {t("agents.disable")}
        </Button>
      </DialogButtons>
    </Modal>
  );
}
