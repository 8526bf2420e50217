import { Button } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { type Login, loginsQuery, useEndLogin, useEndOtherLogins } from "../../api/security";
import { FaultBanner } from "../../components/banner";
import { RelativeTime } from "../../components/relative-time";
import { RowsSkeleton } from "../../components/rows-skeleton";
import { Section } from "../../components/section";
import { browserOf } from "./browser";
import classes from "./settings.module.css";
import { SettingsPage } from "./settings-page";

/** Settings: where one is logged in. */
export function LoginsPage() {
  const { t } = useTranslation();
  const { data: logins, error, refetch } = useQuery(loginsQuery);
  const end = useEndLogin();
  const endOthers = useEndOtherLogins();
  const fault = error ?? end.error ?? endOthers.error;
  const others = logins?.some((one) => !one.current);
  return (
    <SettingsPage>
      <Section id="logins" title={t("settings.logins")} text={t("logins.text")}>
        {fault && <FaultBanner error={fault} retry={error ? refetch : undefined} />}
        {!logins && !error && <RowsSkeleton rows={3} height={56} />}
        {logins && (
          <ul className={classes.list} aria-labelledby="logins">
            {logins
              .toSorted((a, b) => Number(b.current) - Number(a.current))
              .map((one) => (
                <Row
                  key={one.id}
                  login={one}
                  busy={end.isPending && end.variables === one.id}
                  onEnd={() =>
                    end.mutate(one.id, { onSuccess: () => notifications.show({ message: t("logins.ended") }) })
                  }
                />
              ))}
          </ul>
        )}
        {others && (
          <div>
            <Button
              color="bad"
              loading={endOthers.isPending}
              onClick={() =>
                endOthers.mutate(undefined, {
                  onSuccess: () => notifications.show({ message: t("logins.othersEnded") }),
                })
              }
            >
              {t("logins.endOthers")}
            </Button>
          </div>
        )}
      </Section>
    </SettingsPage>
  );
}

function Row({ login, busy, onEnd }: { login: Login; busy: boolean; onEnd: () => void }) {
  const { t } = useTranslation();
  const { browser, system } = browserOf(login.userAgent);
  const name = [browser || t("logins.unknown"), system].filter(Boolean).join(", ");
  return (
    <li className={classes.item}>
      <div className={classes.grow}>
        <div className={classes.name}>
          {name}
          {login.current && <span className={classes.tag}>{t("logins.this")}</span>}
        </div>
        <div className={classes.detail}>
          {t("logins.lastSeen")} <RelativeTime time={login.lastSeenAt} /> · {t("logins.since")}{" "}
          <RelativeTime time={login.createdAt} /> · {login.address}
        </div>
      </div>
      {!login.current && (
        <Button aria-label={t("logins.endNamed", { name })} loading={busy} onClick={onEnd}>
          {t("logins.end")}
        </Button>
      )}
    </li>
  );
}
