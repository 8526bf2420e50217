import { Button } from "@mantine/core";
import { IconPlus, IconWebhook } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { type Webhook, webhooksQuery } from "../../../api/webhooks";
import { FaultBanner } from "../../../components/banner";
import { EmptyState } from "../../../components/empty-state";
import { RowsSkeleton } from "../../../components/rows-skeleton";
import { AdminPage } from "../admin-page";
import { RemoveDialog } from "./remove-dialog";
import { SecretDialog } from "./secret-dialog";
import { WebhookCard } from "./webhook-card";
import { WebhookDialog } from "./webhook-dialog";
import classes from "./webhooks.module.css";

/** Webhooks: addresses that are told what happens, and how they answered. */
export function WebhooksPage() {
  const { t } = useTranslation();
  const { data, error, refetch } = useQuery(webhooksQuery);
  const [editing, setEditing] = useState<Webhook | "new">();
  const [removing, setRemoving] = useState<Webhook>();
  const [secret, setSecret] = useState<string>();
  return (
    <AdminPage
      title="webhooks.title"
      tools={
        <>
          <span className={classes.space} />
          <Button
            variant="filled"
            leftSection={<IconPlus size={16} stroke={1.75} aria-hidden />}
            onClick={() => setEditing("new")}
          >
            {t("webhooks.add")}
          </Button>
        </>
      }
    >
      <div className={classes.page}>
        <p className={classes.lead}>{t("webhooks.lead")}</p>
        {error && <FaultBanner error={error} retry={refetch} />}
        {!data && !error && <RowsSkeleton rows={3} height={88} />}
        {data?.length === 0 && (
          <EmptyState icon={IconWebhook} title={t("webhooks.emptyTitle")}>
            <p>{t("webhooks.emptyText")}</p>
          </EmptyState>
        )}
        {data?.map((webhook) => (
          <WebhookCard
            key={webhook.id}
            webhook={webhook}
            onEdit={() => setEditing(webhook)}
            onRemove={() => setRemoving(webhook)}
            onSecret={setSecret}
          />
        ))}
      </div>
      <WebhookDialog editing={editing} onClose={() => setEditing(undefined)} onSecret={setSecret} />
      <SecretDialog secret={secret} onClose={() => setSecret(undefined)} />
      <RemoveDialog webhook={removing} onClose={() => setRemoving(undefined)} />
    </AdminPage>
  );
}
