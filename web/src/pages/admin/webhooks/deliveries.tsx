import { Button } from "@mantine/core";
import { useInfiniteQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { type Delivery, deliveriesQuery, useSendAgain, type Webhook } from "../../../api/webhooks";
import { FaultBanner } from "../../../components/banner";
import { RelativeTime } from "../../../components/relative-time";
import { RowsSkeleton } from "../../../components/rows-skeleton";
import { useFormat } from "../../../i18n/format";
import { DeliveryState } from "./states";
import classes from "./webhooks.module.css";

/** The events of one webhook, with the last answer to each. */
export function Deliveries({ webhook }: { webhook: Webhook }) {
  const { t } = useTranslation();
  const { data, error, refetch, hasNextPage, fetchNextPage, isFetchingNextPage } = useInfiniteQuery(
    deliveriesQuery(webhook.id),
  );
  const list = data?.pages.flatMap((page) => page.items);
  if (error) return <FaultBanner error={error} retry={refetch} />;
  if (!list) return <RowsSkeleton rows={3} height={44} />;
  if (list.length === 0) return <p className={classes.none}>{t("webhooks.noneYet")}</p>;
  return (
    <>
      <ul className={classes.deliveries} aria-label={t("webhooks.answers")}>
        {list.map((delivery) => (
          <DeliveryRow key={delivery.id} webhook={webhook} delivery={delivery} />
        ))}
      </ul>
      {hasNextPage && (
        <Button loading={isFetchingNextPage} onClick={() => void fetchNextPage()}>
          {t("webhooks.older")}
        </Button>
      )}
    </>
  );
}

function DeliveryRow({ webhook, delivery }: { webhook: Webhook; delivery: Delivery }) {
  const { t } = useTranslation();
  const format = useFormat();
  const again = useSendAgain();
  const tried = delivery.answeredAt !== undefined;
  return (
    <li className={classes.delivery}>
      <div className={classes.line}>
        <span className={classes.event}>{t(`webhookEvent.${delivery.event}`)}</span>
        <DeliveryState delivery={delivery} />
        <span className={classes.quiet}>
          {tried &&
            (delivery.status > 0
              ? t("webhooks.status", { status: delivery.status, time: format.number(delivery.milliseconds) })
              : t("webhooks.noAnswer"))}
        </span>
        <span className={classes.when}>
          <RelativeTime time={delivery.createdAt} />
        </span>
        <Button
          size="compact-sm"
          loading={again.isPending}
          disabled={!webhook.enabled || delivery.state === "waiting"}
          onClick={() => again.mutate({ id: webhook.id, delivery: delivery.id })}
        >
          {t("webhooks.again")}
        </Button>
      </div>
      {delivery.state === "waiting" && delivery.attempts > 0 && delivery.nextTryAt && (
        <p className={classes.quiet}>
          {t("webhooks.tries", { count: delivery.attempts, time: format.time(delivery.nextTryAt) })}
        </p>
      )}
      {again.error && <FaultBanner error={again.error} />}
      <details className={classes.details}>
        <summary>{t("webhooks.details")}</summary>
        <h3>{t("webhooks.sent")}</h3>
        <pre>{pretty(delivery.body)}</pre>
        <h3>{t("webhooks.answer")}</h3>
        <pre>{delivery.answer || t("webhooks.answerEmpty")}</pre>
      </details>
    </li>
  );
}

function pretty(body: string): string {
  try {
    return JSON.stringify(JSON.parse(body), null, 2);
  } catch {
    return body;
  }
}
