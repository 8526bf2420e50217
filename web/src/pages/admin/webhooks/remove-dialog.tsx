import { Button, Modal } from "@mantine/core";
import { useTranslation } from "react-i18next";
import { useRemoveWebhook, type Webhook } from "../../../api/webhooks";
import { FaultBanner } from "../../../components/banner";
import { DialogButtons } from "../../../components/dialog-buttons";
import { useKept } from "../../../components/use-kept";

/** Removing a webhook cannot be undone: its secret is gone with it. */
export function RemoveDialog(props: { webhook: Webhook | undefined; onClose: () => void }) {
  const { t } = useTranslation();
  const webhook = useKept(props.webhook);
  const remove = useRemoveWebhook();
  if (!webhook) return null;
  return (
    <Modal
      opened={props.webhook !== undefined}
      onClose={props.onClose}
      size={480}
      title={t("webhooks.removeTitle", { host: new URL(webhook.url).host })}
      closeButtonProps={{ "aria-label": t("action.close") }}
    >
      <p>{t("webhooks.removeText")}</p>
      {remove.error && <FaultBanner error={remove.error} />}
      <DialogButtons>
        <Button onClick={props.onClose} data-autofocus>
          {t("action.cancel")}
        </Button>
        <Button
          variant="filled"
          color="bad"
          loading={remove.isPending}
          onClick={() => remove.mutate(webhook.id, { onSuccess: props.onClose })}
        >
          {t("webhooks.remove")}
        </Button>
      </DialogButtons>
    </Modal>
  );
}
