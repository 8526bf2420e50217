import { Button, Loader, Modal } from "@mantine/core";
import { useEffect } from "react";
import { useTranslation } from "react-i18next";
import { type AgentRow, useInviteAgain } from "../../../api/agents";
import { FaultBanner } from "../../../components/banner";
import { DialogButtons } from "../../../components/dialog-buttons";
import { useKept } from "../../../components/use-kept";
import classes from "./agents.module.css";
import { LinkShown } from "./shown";

/** Makes a new invitation for an agent; the link before leads nowhere any more. */
export function LinkDialog(props: { agent: AgentRow | undefined; onClose: () => void }) {
  const { t } = useTranslation();
  const agent = useKept(props.agent);
  if (!agent) return null;
  return (
    <Modal
      opened={props.agent !== undefined}
      onClose={props.onClose}
      size={480}
      title={t("agents.linkTitle", { name: agent.name })}
      closeButtonProps={{ "aria-label": t("action.close") }}
    >
      <Link agent={agent} onClose={props.onClose} />
    </Modal>
  );
}

function Link({ agent, onClose }: { agent: AgentRow; onClose: () => void }) {
  const { t } = useTranslation();
  const { mutate, data, error } = useInviteAgain();
  useEffect(() => mutate(agent.id), [mutate, agent.id]);
  return (
    <div className={classes.form}>
      {error && <FaultBanner error={error} />}
      {!error && !data && <Loader size="sm" aria-label={t("live.loading")} />}
      {data && <LinkShown invitation={data} email={agent.email} label={t("agents.linkLabel")} />}
      <DialogButtons>
        <Button variant="filled" onClick={onClose}>
          {t("agents.done")}
        </Button>
      </DialogButtons>
    </div>
  );
}
