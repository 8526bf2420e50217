import { Button } from "@mantine/core";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { knowsPasskeys } from "../../api/passkey";
import { type Passkey, type Security, useAddPasskey, useRemovePasskey } from "../../api/security";
import { Dialog } from "../../components/dialog";
import { RelativeTime } from "../../components/relative-time";
import { Section } from "../../components/section";
import { useKept } from "../../components/use-kept";
import { browserOf } from "./browser";
import { ConfirmForm } from "./confirm-dialog";
import { ShownCodes } from "./recovery";
import { RenamePasskey } from "./rename-passkey";
import classes from "./settings.module.css";

/** The passkeys: a list, adding one, removing one. */
export function Passkeys({ security }: { security: Security }) {
  const { t } = useTranslation();
  const [adding, setAdding] = useState(false);
  const [removing, setRemoving] = useState<Passkey>();
  const [renaming, setRenaming] = useState<Passkey>();
  const kept = useKept(removing);
  const named = useKept(renaming);
  const close = () => setAdding(false);
  const impossible = !security.passkeysPossible
    ? t("security.passkeysImpossible")
    : knowsPasskeys()
      ? undefined
      : t("security.browserCannot");
  return (
    <Section id="passkeys" title={t("security.passkeys")} text={t("security.passkeysText")}>
      {security.passkeys.length > 0 && (
        <ul className={classes.list}>
          {security.passkeys.map((one) => (
            <li key={one.id} className={classes.item}>
              <div className={classes.grow}>
                <div className={classes.name}>{one.name}</div>
                <div className={classes.detail}>
                  {one.lastUsedAt ? (
                    <>
                      {t("security.lastUsed")} <RelativeTime time={one.lastUsedAt} />
                    </>
                  ) : (
                    t("security.neverUsed")
                  )}
                </div>
              </div>
              <Button
                variant="subtle"
                aria-label={t("security.renameNamed", { name: one.name })}
                onClick={() => setRenaming(one)}
              >
                {t("security.rename")}
              </Button>
              <Button aria-label={t("security.removeNamed", { name: one.name })} onClick={() => setRemoving(one)}>
                {t("security.remove")}
              </Button>
            </li>
          ))}
        </ul>
      )}
      <div className={classes.line}>
        <span className={classes.grow}>
          {impossible ?? (security.passkeys.length === 0 && t("security.passkeysNone"))}
        </span>
        {!impossible && <Button onClick={() => setAdding(true)}>{t("security.addPasskey")}</Button>}
      </div>
      <Dialog opened={adding} onClose={close} size={440} title={t("security.addPasskey")}>
        <Add onClose={close} />
      </Dialog>
      <Dialog
        opened={renaming !== undefined}
        onClose={() => setRenaming(undefined)}
        size={440}
        title={t("security.renameNamed", { name: named?.name ?? "" })}
      >
        {named && <RenamePasskey key={named.id} passkey={named} onClose={() => setRenaming(undefined)} />}
      </Dialog>
      <Dialog
        opened={removing !== undefined}
        onClose={() => setRemoving(undefined)}
        size={440}
        title={t("security.removeNamed", { name: kept?.name ?? "" })}
      >
        {kept && <Remove key={kept.id} passkey={kept} onClose={() => setRemoving(undefined)} />}
      </Dialog>
    </Section>
  );
}

function Add({ onClose }: { onClose: () => void }) {
  const { t } = useTranslation();
  const add = useAddPasskey();
  if (add.data) return <ShownCodes codes={add.data.recoveryCodes} onClose={onClose} />;
  const { browser, system } = browserOf(navigator.userAgent);
  return (
    <ConfirmForm
      text={t("security.addPasskeyText")}
      button={t("login.continue")}
      name={[browser, system].filter(Boolean).join(", ")}
      known={t("security.passkeyRefused")}
      act={add}
      onConfirm={(confirmed) =>
        add.mutate(confirmed, {
          onSuccess: ({ recoveryCodes }) => {
            if (recoveryCodes.length === 0) onClose();
          },
        })
      }
      onClose={onClose}
    />
  );
}

function Remove({ passkey, onClose }: { passkey: Passkey; onClose: () => void }) {
  const { t } = useTranslation();
  const remove = useRemovePasskey();
  return (
    <ConfirmForm
      text={t("security.removePasskeyText")}
      button={t("security.remove")}
      bad
      act={remove}
      onConfirm={({ password }) => remove.mutate({ id: passkey.id, password }, { onSuccess: onClose })}
      onClose={onClose}
    />
  );
}
