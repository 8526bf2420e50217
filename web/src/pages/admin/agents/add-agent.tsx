import { Button, Modal, SegmentedControl, TextInput } from "@mantine/core";
import { type FormEvent, useState } from "react";
import { useTranslation } from "react-i18next";
import { type NewAgent, useAddAgent } from "../../../api/agents";
import { DialogButtons } from "../../../components/dialog-buttons";
import { AgentFields, ElsewhereFault, useFieldFault } from "./agent-fields";
import classes from "./agents.module.css";
import { LinkShown, Shown } from "./shown";

const empty = { userName: "", name: "", email: "", title: "", role: "agent" };

/** Adds an agent, by an invitation or with a password that is shown once. */
export function AddAgent({ opened, onClose }: { opened: boolean; onClose: () => void }) {
  const { t } = useTranslation();
  const [made, setMade] = useState<NewAgent>();
  return (
    <Modal
      opened={opened}
      onClose={onClose}
      onExitTransitionEnd={() => setMade(undefined)}
      size={480}
      title={made ? t("agents.madeTitle", { name: made.agent.name }) : t("agents.add")}
      closeButtonProps={{ "aria-label": t("action.close") }}
      closeOnClickOutside={!made}
    >
      {made ? <Made made={made} onClose={onClose} /> : <AddForm onMade={setMade} onClose={onClose} />}
    </Modal>
  );
}

function AddForm({ onMade, onClose }: { onMade: (made: NewAgent) => void; onClose: () => void }) {
  const { t } = useTranslation();
  const add = useAddAgent();
  const fault = useFieldFault(add.error);
  const [form, setForm] = useState(empty);
  const [invite, setInvite] = useState(true);
  const [missing, setMissing] = useState({ userName: false, name: false });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    const now = { userName: form.userName.trim() === "", name: form.name.trim() === "" };
    setMissing(now);
    if (now.userName || now.name) return;
    add.mutate({ ...form, invite }, { onSuccess: onMade });
  };
  return (
    <form onSubmit={submit} noValidate className={classes.form}>
      <ElsewhereFault error={add.error} fields={Object.keys(form)} />
      <TextInput
        label={t("login.userName")}
        description={t("agents.userNameText")}
        value={form.userName}
        onChange={(event) => setForm({ ...form, userName: event.currentTarget.value })}
        error={missing.userName ? t("agents.userNameMissing") : fault("userName")}
        maxLength={32}
        autoComplete="off"
        autoCapitalize="none"
        spellCheck={false}
        data-autofocus
      />
      <AgentFields
        form={form}
        onChange={(now) => setForm({ ...form, ...now })}
        error={add.error}
        nameMissing={missing.name}
      />
      <div>
        <div className={classes.label} id="agent-how">
          {t("agents.how")}
        </div>
        <SegmentedControl
          aria-labelledby="agent-how"
          value={invite ? "invite" : "password"}
          onChange={(value) => setInvite(value === "invite")}
          data={[
            { value: "invite", label: t("agents.byInvitation") },
            { value: "password", label: t("agents.byPassword") },
          ]}
        />
        <p className={classes.hint}>{invite ? t("agents.byInvitationText") : t("agents.byPasswordText")}</p>
      </div>
      <DialogButtons>
        <Button onClick={onClose}>{t("action.cancel")}</Button>
        <Button type="submit" variant="filled" loading={add.isPending}>
          {t("agents.add")}
        </Button>
      </DialogButtons>
    </form>
  );
}

/** What is shown once: the password, or the link. */
function Made({ made, onClose }: { made: NewAgent; onClose: () => void }) {
  const { t } = useTranslation();
  return (
    <div className={classes.form}>
      {made.invitation && (
        <LinkShown invitation={made.invitation} email={made.agent.email} label={t("agents.linkLabel")} />
      )}
      {made.password && (
        <>
          <p>{t("agents.passwordOnce")}</p>
          <Shown label={t("agents.passwordLabel", { user: made.agent.userName })} text={made.password} />
        </>
      )}
      <DialogButtons>
        <Button variant="filled" onClick={onClose}>
          {t("agents.done")}
        </Button>
      </DialogButtons>
    </div>
  );
}
