import { Button } from "@mantine/core";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import type { Security } from "../../api/security";
import { useUnlink } from "../../api/sign-on";
import { Dialog } from "../../components/dialog";
import { RelativeTime } from "../../components/relative-time";
import { Section } from "../../components/section";
import { ConfirmForm } from "./confirm-dialog";
import classes from "./settings.module.css";

/** The account at another service by which one can log in, and giving it up for whoever has another way in. */
export function Linked({ account }: { account: NonNullable<Security["signOn"]> }) {
  const { t } = useTranslation();
  const [open, setOpen] = useState(false);
  const unlink = useUnlink();
  const close = () => {
    setOpen(false);
    unlink.reset();
  };
  return (
    <Section id="linked" title={t("signOn.linked", { label: account.label })} text={t("signOn.linkedText")}>
      <div className={classes.line}>
        <div className={classes.grow}>
          <div className={classes.name}>{account.email || account.label}</div>
          <div className={classes.detail}>
            {t("security.lastUsed")} <RelativeTime time={account.lastUsedAt} />
          </div>
          {!account.removable && <div className={classes.detail}>{t("signOn.noPassword")}</div>}
        </div>
        {account.removable && <Button onClick={() => setOpen(true)}>{t("signOn.unlink")}</Button>}
      </div>
      <Dialog opened={open} onClose={close} size={440} title={t("signOn.linked", { label: account.label })}>
        <ConfirmForm
          text={t("signOn.unlinkText")}
          button={t("signOn.unlink")}
          bad
          act={unlink}
          onConfirm={({ password }) => unlink.mutate(password, { onSuccess: close })}
          onClose={close}
        />
      </Dialog>
    </Section>
  );
}
