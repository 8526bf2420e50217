import { IconAlertTriangle, IconCircleCheck, IconCircleOff, IconCircleX, IconClock } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import type { Delivery, Webhook } from "../../../api/webhooks";
import state from "../../../components/state.module.css";

/** Whether a webhook is told, and takes what it is told. */
export function WebhookState({ webhook }: { webhook: Webhook }) {
  const { t } = useTranslation();
  const failing = webhook.failingSince !== undefined;
  const { tone, Icon, word } = !webhook.enabled
    ? { tone: "idle", Icon: IconCircleOff, word: t("webhooks.off") }
    : failing
      ? { tone: "warn", Icon: IconAlertTriangle, word: t("webhooks.failing") }
      : { tone: "ok", Icon: IconCircleCheck, word: t("webhooks.on") };
  return (
    <span className={state.state} data-tone={tone}>
      <Icon size={15} stroke={2} aria-hidden />
      {word}
    </span>
  );
}

const deliveries = {
  waiting: { tone: "idle", Icon: IconClock },
  delivered: { tone: "ok", Icon: IconCircleCheck },
  failed: { tone: "warn", Icon: IconCircleX },
} as const;

/** What became of a delivery. */
export function DeliveryState({ delivery }: { delivery: Delivery }) {
  const { t } = useTranslation();
  const { tone, Icon } = deliveries[delivery.state];
  return (
    <span className={state.state} data-tone={tone}>
      <Icon size={15} stroke={2} aria-hidden />
      {t(`delivery.${delivery.state}`)}
    </span>
  );
}
