import { Button, Modal } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import { type FormEvent, useState } from "react";
import { useTranslation } from "react-i18next";
import { type AgentRow, useUpdateAgent } from "../../../api/agents";
import { DialogButtons } from "../../../components/dialog-buttons";
import { useKept } from "../../../components/use-kept";
import { AgentFields, ElsewhereFault } from "./agent-fields";
import classes from "./agents.module.css";

/** Changes an agent's name, e-mail, title and role. */
export function EditAgent(props: { agent: AgentRow | undefined; onClose: () => void }) {
  const { t } = useTranslation();
  const agent = useKept(props.agent);
  if (!agent) return null;
  return (
    <Modal
      opened={props.agent !== undefined}
      onClose={props.onClose}
      size={460}
      title={t("agents.editTitle", { name: agent.name })}
      closeButtonProps={{ "aria-label": t("action.close") }}
    >
      <EditForm key={agent.id} agent={agent} onClose={props.onClose} />
    </Modal>
  );
}

function EditForm({ agent, onClose }: { agent: AgentRow; onClose: () => void }) {
  const { t } = useTranslation();
  const update = useUpdateAgent();
  const [form, setForm] = useState({ name: agent.name, email: agent.email, title: agent.title, role: agent.role });
  const [missing, setMissing] = useState(false);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    setMissing(form.name.trim() === "");
    if (form.name.trim() === "") return;
    const { role, ...rest } = form;
    update.mutate(
      { id: agent.id, change: role === agent.role ? rest : form },
      {
        onSuccess: () => {
          notifications.show({ message: t("agents.saved") });
          onClose();
        },
      },
    );
  };
  return (
    <form onSubmit={submit} noValidate className={classes.form}>
      <ElsewhereFault error={update.error} fields={Object.keys(form)} />
      <AgentFields form={form} onChange={setForm} error={update.error} nameMissing={missing} role={agent.role} />
      <DialogButtons>
        <Button onClick={onClose}>{t("action.cancel")}</Button>
        <Button type="submit" variant="filled" loading={update.isPending}>
          {t("action.save")}
        </Button>
      </DialogButtons>
    </form>
  );
}
