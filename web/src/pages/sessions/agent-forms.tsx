import { Button, NativeSelect } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { type FormEvent, type ReactNode, useState } from "react";
import { useTranslation } from "react-i18next";
import { colleaguesQuery, useCallAgent, useTransfer } from "../../api/calls";
import type { Session } from "../../api/sessions";
import { Banner, FaultBanner } from "../../components/banner";
import { CopyButton } from "../../components/copy-button";
import { DialogButtons } from "../../components/dialog-buttons";
import type { ForAgent } from "./agent-dialog";
import classes from "./agent-dialog.module.css";

/** The form of the dialog, fetched when the first one opens. */
export default function AgentForm({ what, ...props }: FormProps & { what: ForAgent }) {
  return what === "invite" ? <InviteForm {...props} /> : <TransferForm {...props} />;
}

interface FormProps {
  session: Session;
  onClose: () => void;
}

function InviteForm({ session, onClose }: FormProps) {
  const { t } = useTranslation();
  const call = useCallAgent();
  const link = `${location.origin}/sessions/${encodeURIComponent(session.id)}/viewer`;
  return (
    <Choice
      text={t("colleague.inviteText")}
      action={t("colleague.invite")}
      busy={call.isPending}
      error={call.error}
      leaveOut={session.viewers.map((viewer) => viewer.agentId)}
      onClose={onClose}
      onChosen={(agentId) => call.mutate({ id: session.id, agentId }, { onSuccess: onClose })}
    >
      <div className={classes.link}>
        <output className={classes.url}>{link}</output>
        <CopyButton text={link} label={t("colleague.copyLink")} />
      </div>
    </Choice>
  );
}

function TransferForm({ session, onClose }: FormProps) {
  const { t } = useTranslation();
  const transfer = useTransfer();
  return (
    <Choice
      text={t("colleague.transferText")}
      action={t("colleague.transfer")}
      busy={transfer.isPending}
      error={transfer.error}
      leaveOut={[session.owner.id]}
      onClose={onClose}
      onChosen={(agentId) => transfer.mutate({ id: session.id, agentId }, { onSuccess: onClose })}
    />
  );
}

function Choice(props: {
  text: string;
  action: string;
  busy: boolean;
  error: unknown;
  leaveOut: string[];
  onClose: () => void;
  onChosen: (agentId: string) => void;
  children?: ReactNode;
}) {
  const { t } = useTranslation();
  const { data, error, isPending, refetch } = useQuery(colleaguesQuery);
  const [picked, setPicked] = useState("");
  const colleagues = (data ?? [])
    .filter((one) => !props.leaveOut.includes(one.id))
    .toSorted((a, b) => Number(b.online) - Number(a.online) || a.name.localeCompare(b.name));
  const named = (online: boolean) =>
    colleagues
      .filter((one) => one.online === online)
      .map((one) => ({ value: one.id, label: `${one.name} (${one.userName})` }));
  const chosen = picked || colleagues[0]?.id || "";
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (chosen) props.onChosen(chosen);
  };
  const problem = props.error ?? error;
  return (
    <form onSubmit={submit} className={classes.form}>
      <p>{props.text}</p>
      {!isPending && !error && colleagues.length === 0 ? (
        <Banner>{t("colleague.nobody")}</Banner>
      ) : (
        <NativeSelect
          label={t("colleague.agent")}
          value={chosen}
          onChange={(event) => setPicked(event.currentTarget.value)}
          data={[
            { group: t("status.online"), items: named(true) },
            { group: t("status.offline"), items: named(false) },
          ].filter((group) => group.items.length > 0)}
          disabled={isPending}
          data-autofocus
        />
      )}
      {props.children}
      {problem ? <FaultBanner error={problem} retry={error ? refetch : undefined} /> : null}
      <DialogButtons>
        <Button onClick={props.onClose}>{t("action.cancel")}</Button>
        <Button type="submit" variant="filled" loading={props.busy} disabled={chosen === ""}>
          {props.action}
        </Button>
      </DialogButtons>
    </form>
  );
}
