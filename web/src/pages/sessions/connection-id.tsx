import { ActionIcon, Button, Tooltip } from "@mantine/core";
import { IconHash, IconPlus, IconX } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import {
  type ConnectionID,
  connectionIdsQuery,
  spaced,
  useCreateConnectionId,
  useRemoveConnectionId,
} from "../../api/invites";
import { useMe } from "../../api/me";
import { FaultBanner } from "../../components/banner";
import { CopyButton } from "../../components/copy-button";
import { clock } from "../../i18n/format";
import { useNow } from "../../i18n/use-now";
import classes from "./connection-id.module.css";

/** "Share a connection ID": six digits for an end-user who is on the phone and starts the client by hand. */
export function ConnectionIdPanel() {
  const { t } = useTranslation();
  const { data: ids = [] } = useQuery(connectionIdsQuery);
  const create = useCreateConnectionId();
  const remove = useRemoveConnectionId();
  const [dismissed, setDismissed] = useState<ReadonlySet<string>>(new Set());
  const shown = ids.filter((id) => !dismissed.has(id.id));
  const close = (id: ConnectionID) => {
    setDismissed((old) => new Set(old).add(id.id));
    if (Date.parse(id.expiresAt) > Date.now()) remove.mutate(id.id);
  };
  // Where the client is, as it is read out: the browser finds the scheme itself.
  const address = `${new URL(useMe().personalLink).host}/download`;
  const explain = <p className={classes.explain}>{t("id.explain", { address })}</p>;
  return (
    <section aria-label={t("id.title")} className={classes.panel}>
      {shown.length === 0 ? (
        <>
          <h2>{t("id.title")}</h2>
          {explain}
          <Button
            className={classes.share}
            leftSection={<IconHash size={16} stroke={1.75} aria-hidden />}
            onClick={() => create.mutate()}
            loading={create.isPending}
          >
            {t("id.share")}
          </Button>
        </>
      ) : (
        <>
          <div className={classes.head}>
            <h2>{t("id.title")}</h2>
            <Button
              size="compact-sm"
              variant="subtle"
              leftSection={<IconPlus size={14} stroke={2} aria-hidden />}
              onClick={(event) => event.detail < 2 && create.mutate()} // it comes where the first click of two was
              loading={create.isPending}
            >
              {t("id.another")}
            </Button>
          </div>
          <ul className={classes.ids}>
            {shown.map((id) => (
              <OpenId key={id.id} id={id} onClose={() => close(id)} />
            ))}
          </ul>
          {explain}
        </>
      )}
      {create.error && <FaultBanner error={create.error} />}
    </section>
  );
}

function OpenId({ id, onClose }: { id: ConnectionID; onClose: () => void }) {
  const { t } = useTranslation();
  const left = Math.floor((Date.parse(id.expiresAt) - useNow()) / 1000);
  const over = left <= 0;
  const digits = spaced(id.code);
  return (
    <li className={classes.id} data-over={over || undefined}>
      <div className={classes.code} data-testid="connection-id">
        {digits}
      </div>
      <div className={classes.left}>
        <span role="timer" aria-live="off">
          {over ? t("id.expired") : t("id.validFor", { time: clock(left) })}
        </span>
      </div>
      <div className={classes.acts}>
        {!over && <CopyButton text={digits} />}
        <Tooltip label={over ? t("action.close") : t("id.takeBack")}>
          <ActionIcon aria-label={over ? t("action.close") : t("id.takeBack")} onClick={onClose}>
            <IconX size={16} stroke={1.75} aria-hidden />
          </ActionIcon>
        </Tooltip>
      </div>
    </li>
  );
}
