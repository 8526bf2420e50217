import { Button } from "@mantine/core";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { type Security, useRenewRecoveryCodes } from "../../api/security";
import { CopyButton } from "../../components/copy-button";
import { Dialog } from "../../components/dialog";
import { DialogButtons } from "../../components/dialog-buttons";
import { Section } from "../../components/section";
import { ConfirmForm } from "./confirm-dialog";
import classes from "./settings.module.css";

/** Recovery codes, shown this once: the body of a dialog. */
export function ShownCodes({ codes, onClose }: { codes: readonly string[]; onClose: () => void }) {
  const { t } = useTranslation();
  return (
    <div className={classes.dialog}>
      <p>{t("security.recoverySave")}</p>
      <ul className={classes.codes} data-testid="recovery-codes">
        {codes.map((code) => (
          <li key={code}>{code}</li>
        ))}
      </ul>
      <DialogButtons>
        <CopyButton text={codes.join("\n")} label={t("security.copyCodes")} />
        <Button variant="filled" onClick={onClose}>
          {t("security.done")}
        </Button>
      </DialogButtons>
    </div>
  );
}

/** The recovery codes: how many are left, and new ones. */
export function Recovery({ security }: { security: Security }) {
  const { t } = useTranslation();
  const renew = useRenewRecoveryCodes();
  const [open, setOpen] = useState(false);
  const set = security.authenticator || security.passkeys.length > 0;
  const close = () => {
    setOpen(false);
    renew.reset();
  };
  const codes = renew.data?.recoveryCodes;
  return (
    <Section id="recovery" title={t("security.recovery")} text={t("security.recoveryText")}>
      <div className={classes.line}>
        <span className={classes.grow}>
          {set ? t("security.recoveryLeft", { count: security.recoveryCodes }) : t("security.recoveryNone")}
        </span>
        {set && <Button onClick={() => setOpen(true)}>{t("security.renew")}</Button>}
      </div>
      <Dialog
        opened={open}
        onClose={close}
        size={440}
        title={codes ? t("security.recoveryTitle") : t("security.renew")}
      >
        {codes ? (
          <ShownCodes codes={codes} onClose={close} />
        ) : (
          <ConfirmForm
            text={t("security.renewText")}
            button={t("security.renew")}
            act={renew}
            onConfirm={({ password }) => renew.mutate(password)}
            onClose={close}
          />
        )}
      </Dialog>
    </Section>
  );
}
