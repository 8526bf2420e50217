import { Button, Modal } from "@mantine/core";
import { useTranslation } from "react-i18next";
import { CopyButton } from "../../../components/copy-button";
import { DialogButtons } from "../../../components/dialog-buttons";
import { useKept } from "../../../components/use-kept";
import classes from "./webhooks.module.css";

/** A webhook's secret, which the server shows once. */
export function SecretDialog(props: { secret: string | undefined; onClose: () => void }) {
  const { t } = useTranslation();
  const secret = useKept(props.secret);
  if (!secret) return null;
  return (
    <Modal
      opened={props.secret !== undefined}
      onClose={props.onClose}
      size={520}
      title={t("webhooks.secret")}
      closeButtonProps={{ "aria-label": t("action.close") }}
    >
      <p>{t("webhooks.secretText")}</p>
      <code className={classes.secret}>{secret}</code>
      <DialogButtons>
        <Button onClick={props.onClose}>{t("action.close")}</Button>
        <CopyButton text={secret} variant="filled" data-autofocus />
      </DialogButtons>
    </Modal>
  );
}
