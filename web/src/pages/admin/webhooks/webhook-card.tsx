import { ActionIcon, Button, Menu } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import {
  IconChevronDown,
  IconChevronRight,
  IconDots,
  IconKey,
  IconPencil,
  IconPlayerPause,
  IconPlayerPlay,
  IconTrash,
} from "@tabler/icons-react";
import { useId, useState } from "react";
import { useTranslation } from "react-i18next";
import { useChangeWebhook, useRenewSecret, useTestWebhook, type Webhook } from "../../../api/webhooks";
import { Banner, FaultBanner } from "../../../components/banner";
import { Deliveries } from "./deliveries";
import { WebhookState } from "./states";
import classes from "./webhooks.module.css";

/** One webhook: where it leads, what it is told, how it stands, and on demand how it answered. */
export function WebhookCard(props: {
  webhook: Webhook;
  onEdit: () => void;
  onRemove: () => void;
  onSecret: (secret: string) => void;
}) {
  const { webhook } = props;
  const { t } = useTranslation();
  const [open, setOpen] = useState(false);
  const name = useId();
  const test = useTestWebhook();
  const change = useChangeWebhook();
  const renew = useRenewSecret();
  const error = test.error ?? change.error ?? renew.error;
  const Chevron = open ? IconChevronDown : IconChevronRight;
  const icon = { size: 16, stroke: 1.75, "aria-hidden": true } as const;
  const sendTest = () =>
    test.mutate(webhook.id, {
      onSuccess: () => {
        setOpen(true);
        notifications.show({ message: t("webhooks.testSent") });
      },
    });
  return (
    <section aria-labelledby={name} className={classes.card}>
      <div className={classes.head}>
        <h2 id={name} className={classes.url}>
          {webhook.url}
        </h2>
        <WebhookState webhook={webhook} />
        <Menu position="bottom-end" width={220}>
          <Menu.Target>
            <ActionIcon aria-label={t("webhooks.actions", { url: webhook.url })}>
              <IconDots size={18} stroke={1.75} aria-hidden />
            </ActionIcon>
          </Menu.Target>
          <Menu.Dropdown>
            <Menu.Item leftSection={<IconPencil {...icon} />} onClick={props.onEdit}>
              {t("webhooks.editItem")}
            </Menu.Item>
            <Menu.Item
              leftSection={webhook.enabled ? <IconPlayerPause {...icon} /> : <IconPlayerPlay {...icon} />}
              onClick={() => change.mutate({ id: webhook.id, enabled: !webhook.enabled })}
            >
              {webhook.enabled ? t("webhooks.switchOff") : t("webhooks.switchOn")}
            </Menu.Item>
            <Menu.Item
              leftSection={<IconKey {...icon} />}
              onClick={() => renew.mutate(webhook.id, { onSuccess: (made) => props.onSecret(made.secret) })}
            >
              {t("webhooks.renew")}
            </Menu.Item>
            <Menu.Divider />
            <Menu.Item color="bad" leftSection={<IconTrash {...icon} />} onClick={props.onRemove}>
              {t("webhooks.removeItem")}
            </Menu.Item>
          </Menu.Dropdown>
        </Menu>
      </div>
      <p className={classes.told}>{webhook.events.map((one) => t(`webhookEvent.${one}`)).join(" · ")}</p>
      {webhook.gaveUp && <Banner tone="bad">{t("webhooks.gaveUp")}</Banner>}
      {error && <FaultBanner error={error} />}
      <div className={classes.foot}>
        <Button
          variant="subtle"
          aria-expanded={open}
          onClick={() => setOpen(!open)}
          leftSection={<Chevron {...icon} />}
          className={classes.fold}
        >
          {t("webhooks.answers")}
        </Button>
        <Button onClick={sendTest} loading={test.isPending}>
          {t("webhooks.test")}
        </Button>
      </div>
      {open && <Deliveries webhook={webhook} />}
    </section>
  );
}
