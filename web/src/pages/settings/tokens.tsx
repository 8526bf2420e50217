import { Button } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { type Token, tokensQuery, useRemoveToken } from "../../api/security";
import { FaultBanner } from "../../components/banner";
import { ConfirmDialog } from "../../components/confirm-dialog";
import { Dialog } from "../../components/dialog";
import { RelativeTime } from "../../components/relative-time";
import { RowsSkeleton } from "../../components/rows-skeleton";
import { Section } from "../../components/section";
import { useFormat } from "../../i18n/format";
import { NewTokenForm } from "./new-token";
import classes from "./settings.module.css";
import { SettingsPage } from "./settings-page";

/** Settings: API tokens. */
export function TokensPage() {
  const { t } = useTranslation();
  const { data, error, refetch } = useQuery(tokensQuery);
  const [making, setMaking] = useState(false);
  const [removing, setRemoving] = useState<Token>();
  const close = () => setMaking(false);
  return (
    <SettingsPage>
      <Section id="tokens" title={t("settings.tokens")} text={t("tokens.text")}>
        {error && <FaultBanner error={error} retry={refetch} />}
        {!data && !error && <RowsSkeleton rows={2} height={56} />}
        {data?.items.length === 0 && <p className={classes.detail}>{t("tokens.none")}</p>}
        {data && data.items.length > 0 && (
          <ul className={classes.list} aria-labelledby="tokens">
            {data.items.map((one) => (
              <Row key={one.id} token={one} onRemove={() => setRemoving(one)} />
            ))}
          </ul>
        )}
        {data && (
          <div>
            <Button variant="filled" onClick={() => setMaking(true)}>
              {t("tokens.create")}
            </Button>
          </div>
        )}
      </Section>
      <Dialog opened={making} onClose={close} size={520} title={t("tokens.create")}>
        {data && <NewTokenForm list={data} onClose={close} />}
      </Dialog>
      <RemoveDialog token={removing} onClose={() => setRemoving(undefined)} />
    </SettingsPage>
  );
}

function Row({ token, onRemove }: { token: Token; onRemove: () => void }) {
  const { t } = useTranslation();
  const format = useFormat();
  const over = token.expiresAt !== undefined && Date.parse(token.expiresAt) <= Date.now();
  return (
    <li className={classes.item}>
      <div className={classes.grow}>
        <div className={classes.name}>{token.name}</div>
        <div className={classes.detail}>
          {token.scopes.includes("*") ? t("tokens.everything") : token.scopes.join(", ")}
        </div>
        <div className={classes.detail}>
          {over
            ? t("tokens.expired")
            : token.expiresAt
              ? t("tokens.until", { time: format.stamp(token.expiresAt) })
              : t("tokens.forever")}
          {" · "}
          {token.lastUsedAt ? (
            <>
              {t("security.lastUsed")} <RelativeTime time={token.lastUsedAt} />
            </>
          ) : (
            t("security.neverUsed")
          )}
        </div>
      </div>
      <Button aria-label={t("security.removeNamed", { name: token.name })} onClick={onRemove}>
        {t("security.remove")}
      </Button>
    </li>
  );
}

function RemoveDialog({ token, onClose }: { token: Token | undefined; onClose: () => void }) {
  const { t } = useTranslation();
  const remove = useRemoveToken();
  return (
    <ConfirmDialog
      about={token}
      title={({ name }) => t("security.removeNamed", { name })}
      text={() => t("tokens.removeText")}
      button={t("security.remove")}
      act={remove}
      onConfirm={({ id }, close) => remove.mutate(id, { onSuccess: close })}
      onClose={onClose}
    />
  );
}
