import { Button, Checkbox, Modal, TextInput } from "@mantine/core";
import { type FormEvent, useState } from "react";
import { useTranslation } from "react-i18next";
import { Fault } from "../../../api/fault";
import { useAddWebhook, useChangeWebhook, type Webhook, type WebhookEvent, webhookEvents } from "../../../api/webhooks";
import { FaultBanner } from "../../../components/banner";
import { DialogButtons } from "../../../components/dialog-buttons";
import { useFaultText } from "../../../components/fault-text";
import { useKept } from "../../../components/use-kept";
import classes from "./webhooks.module.css";

/** Adds a webhook, or changes one. */
export function WebhookDialog(props: {
  editing: Webhook | "new" | undefined;
  onClose: () => void;
  onSecret: (secret: string) => void;
}) {
  const { t } = useTranslation();
  const editing = useKept(props.editing);
  if (!editing) return null;
  return (
    <Modal
      opened={props.editing !== undefined}
      onClose={props.onClose}
      size={520}
      title={editing === "new" ? t("webhooks.add") : t("webhooks.edit")}
      closeButtonProps={{ "aria-label": t("action.close") }}
    >
      <WebhookForm
        key={editing === "new" ? "new" : editing.id}
        webhook={editing === "new" ? undefined : editing}
        onClose={props.onClose}
        onSecret={props.onSecret}
      />
    </Modal>
  );
}

function WebhookForm(props: { webhook?: Webhook; onClose: () => void; onSecret: (secret: string) => void }) {
  const { webhook, onClose, onSecret } = props;
  const { t } = useTranslation();
  const faultText = useFaultText();
  const [url, setUrl] = useState(webhook?.url ?? "");
  const [events, setEvents] = useState<WebhookEvent[]>(webhook?.events ?? ["session.waiting", "session.ended"]);
  const [missing, setMissing] = useState({ url: false, events: false });
  const add = useAddWebhook();
  const change = useChangeWebhook();
  const error = add.error ?? change.error;
  const field = error instanceof Fault ? error.field : undefined;
  const said = (name: string) => (field === name ? faultText(error).text : undefined);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    const lacks = { url: url.trim() === "", events: events.length === 0 };
    setMissing(lacks);
    if (lacks.url || lacks.events) return;
    if (webhook) {
      change.mutate({ id: webhook.id, url: url.trim(), events }, { onSuccess: onClose });
      return;
    }
    add.mutate(
      { url: url.trim(), events },
      {
        onSuccess: (made) => {
          onClose();
          onSecret(made.secret);
        },
      },
    );
  };
  return (
    <form onSubmit={submit} noValidate className={classes.form}>
      {error && field !== "url" && field !== "events" && <FaultBanner error={error} />}
      <TextInput
        label={t("webhooks.address")}
        description={t("webhooks.addressText")}
        placeholder="https://"
        type="url"
        maxLength={1000}
        value={url}
        onChange={(event) => setUrl(event.currentTarget.value)}
        error={missing.url ? t("webhooks.addressMissing") : said("url")}
        data-autofocus
      />
      <Checkbox.Group
        label={t("webhooks.events")}
        value={events}
        onChange={(chosen) => setEvents(webhookEvents.filter((one) => chosen.includes(one)))}
        error={missing.events ? t("webhooks.eventsMissing") : said("events")}
      >
        <div className={classes.events}>
          {webhookEvents.map((one) => (
            <Checkbox key={one} value={one} label={t(`webhookEvent.${one}`)} description={one} />
          ))}
        </div>
      </Checkbox.Group>
      <DialogButtons>
        <Button onClick={onClose}>{t("action.cancel")}</Button>
        <Button type="submit" variant="filled" loading={add.isPending || change.isPending}>
          {webhook ? t("action.save") : t("webhooks.add")}
        </Button>
      </DialogButtons>
    </form>
  );
}
