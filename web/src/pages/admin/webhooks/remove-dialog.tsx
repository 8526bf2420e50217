import { useTranslation } from "react-i18next";
import { useRemoveWebhook, type Webhook } from "../../../api/webhooks";
import { ConfirmDialog } from "../../../components/confirm-dialog";

/** Removing a webhook cannot be undone: its secret is gone with it. */
export function RemoveDialog({ webhook, onClose }: { webhook: Webhook | undefined; onClose: () => void }) {
  const { t } = useTranslation();
  const remove = useRemoveWebhook();
  return (
    <ConfirmDialog
      about={webhook}
      title={({ url }) => t("webhooks.removeTitle", { host: new URL(url).host })}
      text={() => t("webhooks.removeText")}
      button={t("webhooks.remove")}
      act={remove}
      onConfirm={({ id }, close) => remove.mutate(id, { onSuccess: close })}
      onClose={onClose}
    />
  );
}
