import { Button, TextInput } from "@mantine/core";
import { QRCodeSVG } from "qrcode.react";
import { type FormEvent, useState } from "react";
import { useTranslation } from "react-i18next";
import { Fault } from "../../api/fault";
import {
  type Security,
  useBeginAuthenticator,
  useConfirmAuthenticator,
  useRemoveAuthenticator,
} from "../../api/security";
import { FaultBanner } from "../../components/banner";
import { CopyButton } from "../../components/copy-button";
import { Dialog } from "../../components/dialog";
import { DialogButtons } from "../../components/dialog-buttons";
import { useFaultText } from "../../components/fault-text";
import { Section } from "../../components/section";
import { ConfirmForm } from "./confirm-dialog";
import { ShownCodes } from "./recovery";
import classes from "./settings.module.css";

/** The authenticator app: whether there is one, setting one up, removing it. */
export function Authenticator({ security }: { security: Security }) {
  const { t } = useTranslation();
  const [open, setOpen] = useState<"set-up" | "remove">();
  const close = () => setOpen(undefined);
  return (
    <Section id="authenticator" title={t("security.authenticator")} text={t("security.authenticatorText")}>
      <div className={classes.line}>
        <span className={classes.grow}>{security.authenticator ? t("security.on") : t("security.off")}</span>
        {security.authenticator ? (
          <Button onClick={() => setOpen("remove")}>{t("security.remove")}</Button>
        ) : (
          <Button onClick={() => setOpen("set-up")}>{t("security.setUp")}</Button>
        )}
      </div>
      <Dialog opened={open === "set-up"} onClose={close} size={440} title={t("security.authenticator")}>
        <SetUp onClose={close} />
      </Dialog>
      <Dialog opened={open === "remove"} onClose={close} size={440} title={t("security.authenticatorRemove")}>
        <Remove onClose={close} />
      </Dialog>
    </Section>
  );
}

/** The password, then the QR code and a code from the app, then the recovery codes that came with it. */
function SetUp({ onClose }: { onClose: () => void }) {
  const { t } = useTranslation();
  const begin = useBeginAuthenticator();
  const confirm = useConfirmAuthenticator();
  const faultText = useFaultText();
  const [code, setCode] = useState("");
  const [tried, setTried] = useState(false);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    setTried(true);
    if (!code.trim()) return;
    confirm.mutate(code, {
      onSuccess: ({ recoveryCodes }) => {
        if (recoveryCodes.length === 0) onClose();
      },
    });
  };
  if (confirm.data) return <ShownCodes codes={confirm.data.recoveryCodes} onClose={onClose} />;
  if (!begin.data) {
    return (
      <ConfirmForm
        text={t("security.confirmText")}
        button={t("login.continue")}
        act={begin}
        onConfirm={({ password }) => begin.mutate(password)}
        onClose={onClose}
      />
    );
  }
  const { key, uri } = begin.data;
  const refused = confirm.error instanceof Fault && confirm.error.field === "code";
  return (
    <form onSubmit={submit} noValidate className={classes.dialog}>
      <p>{t("security.scan")}</p>
      <div className={classes.qr}>
        <QRCodeSVG value={uri} size={168} marginSize={2} title={t("security.qr")} />
      </div>
      <div className={classes.line}>
        <code className={classes.key} data-testid="totp-key">
          {key.match(/.{1,4}/g)?.join(" ")}
        </code>
        <CopyButton text={key} />
      </div>
      {confirm.error && !refused && <FaultBanner error={confirm.error} />}
      <TextInput
        label={t("security.codeOfApp")}
        value={code}
        onChange={(event) => setCode(event.currentTarget.value)}
        inputMode="numeric"
        autoComplete="one-time-code"
        maxLength={32}
        data-autofocus
        error={
          tried && !code.trim()
            ? t("login.codeMissing")
            : refused
              ? faultText(confirm.error, t("security.codeRefused")).text
              : undefined
        }
      />
      <DialogButtons>
        <Button onClick={onClose}>{t("action.cancel")}</Button>
        <Button type="submit" variant="filled" loading={confirm.isPending}>
          {t("security.confirm")}
        </Button>
      </DialogButtons>
    </form>
  );
}

function Remove({ onClose }: { onClose: () => void }) {
  const { t } = useTranslation();
  const remove = useRemoveAuthenticator();
  return (
    <ConfirmForm
      text={t("security.authenticatorRemoveText")}
      button={t("security.remove")}
      bad
      act={remove}
      onConfirm={({ password }) => remove.mutate(password, { onSuccess: onClose })}
      onClose={onClose}
    />
  );
}
