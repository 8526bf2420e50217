import { Button, Loader, Modal } from "@mantine/core";
import { useEffect } from "react";
import { useTranslation } from "react-i18next";
import { type AgentRow, useInviteAgain, useMakeResetLink } from "../../../api/agents";
import { FaultBanner } from "../../../components/banner";
import { DialogButtons } from "../../../components/dialog-buttons";
import { useKept } from "../../../components/use-kept";
import classes from "./agents.module.css";
import type { Doing } from "./columns";
import { LinkShown } from "./shown";

/** Makes a link for an agent, for the invitation or a new password; the one before leads nowhere any more. */
export function LinkDialog(props: { doing: Doing | undefined; onClose: () => void }) {
  const { t } = useTranslation();
  const doing = useKept(props.doing);
  const agent = doing?.agents[0];
  if (!doing || !agent) return null;
  const { name } = agent;
  const Link = doing.what === "link" ? InvitationLink : ResetLink;
  return (
    <Modal
      opened={props.doing !== undefined}
      onClose={props.onClose}
      size={480}
      title={doing.what === "link" ? t("agents.linkTitle", { name }) : t("agents.resetLinkTitle", { name })}
      closeButtonProps={{ "aria-label": t("action.close") }}
    >
      <Link agent={agent} onClose={props.onClose} />
    </Modal>
  );
}

interface LinkProps {
  agent: AgentRow;
  onClose: () => void;
}

function InvitationLink(props: LinkProps) {
  const { t } = useTranslation();
  return <Made {...props} making={useInviteAgain()} label={t("agents.linkLabel")} />;
}

function ResetLink(props: LinkProps) {
  const { t } = useTranslation();
  return <Made {...props} making={useMakeResetLink()} label={t("agents.resetLinkLabel")} />;
}

type Making = ReturnType<typeof useInviteAgain> | ReturnType<typeof useMakeResetLink>;

function Made({ agent, onClose, making, label }: LinkProps & { making: Making; label: string }) {
  const { t } = useTranslation();
  const { mutate, data, error } = making;
  useEffect(() => mutate(agent.id), [mutate, agent.id]);
  return (
    <div className={classes.form}>
      {error && <FaultBanner error={error} />}
      {!error && !data && <Loader size="sm" aria-label={t("live.loading")} />}
      {data && <LinkShown invitation={data} email={agent.email} label={label} />}
      <DialogButtons>
        <Button variant="filled" onClick={onClose}>
          {t("agents.done")}
        </Button>
      </DialogButtons>
    </div>
  );
}
