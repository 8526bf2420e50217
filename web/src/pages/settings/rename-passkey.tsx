import { Button, TextInput } from "@mantine/core";
import { type FormEvent, useState } from "react";
import { useTranslation } from "react-i18next";
import { type Passkey, useRenamePasskey } from "../../api/security";
import { FaultBanner } from "../../components/banner";
import { DialogButtons } from "../../components/dialog-buttons";
import classes from "./settings.module.css";

/** Another name for a passkey; what it opens stays as it is, so that no password is asked for. */
export function RenamePasskey({ passkey, onClose }: { passkey: Passkey; onClose: () => void }) {
  const { t } = useTranslation();
  const rename = useRenamePasskey();
  const [text, setText] = useState(passkey.name);
  const [tried, setTried] = useState(false);
  const name = text.trim();
  const submit = (event: FormEvent) => {
    event.preventDefault();
    setTried(true);
    if (name) rename.mutate({ id: passkey.id, name }, { onSuccess: onClose });
  };
  return (
    <form onSubmit={submit} noValidate className={classes.dialog}>
      {rename.error && <FaultBanner error={rename.error} />}
      <TextInput
        label={t("security.passkeyName")}
        value={text}
        onChange={(event) => setText(event.currentTarget.value)}
        onFocus={(event) => event.currentTarget.select()}
        maxLength={80}
        error={tried && !name ? t("security.nameMissing") : undefined}
        data-autofocus
      />
      <DialogButtons>
        <Button onClick={onClose}>{t("action.cancel")}</Button>
        <Button type="submit" variant="filled" loading={rename.isPending}>
          {t("action.save")}
        </Button>
      </DialogButtons>
    </form>
  );
}
