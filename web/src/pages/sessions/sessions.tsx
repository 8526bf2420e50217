import { Switch } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useMemo, useState } from "react";
import { useTranslation } from "react-i18next";
import { useMay } from "../../api/me";
import { type Session, sessionsQuery } from "../../api/sessions";
import { FaultBanner } from "../../components/banner";
import list from "../../components/list.module.css";
import { Page } from "../../components/page";
import { RowsSkeleton } from "../../components/rows-skeleton";
import { SearchField } from "../../components/search-field";
import { useSwitch } from "../../components/use-preference";
import { fold } from "../../i18n/fold";
import { AlertsMenu } from "../../live/alerts-menu";
import { ConnectionIdPanel } from "./connection-id";
import { FirstSteps } from "./first-steps";
import { LinkPanel } from "./link-panel";
import { SessionList, useSessionRows } from "./session-list";
import classes from "./sessions.module.css";
import { useLink } from "./use-link";

/** From how many rows on a search field is worth its place. */
const SEARCH_FROM = 8;

/** Remote Sessions, where an agent lands: invite an end-user, see them arrive, connect. */
export function SessionsPage() {
  const { t } = useTranslation();
  const maySeeAll = useMay("see-all-sessions");
  const mayMakeLinks = useMay("make-links");
  const mayMakeIds = useMay("make-connection-ids");
  const [wantsAll, setAll] = useSwitch("all-sessions", false);
  const all = wantsAll && maySeeAll;
  const [search, setSearch] = useState("");
  const link = useLink();
  const { data: sessions, error, isPlaceholderData, refetch } = useQuery(sessionsQuery(all));
  const searchable = (sessions?.length ?? 0) >= SEARCH_FROM || search !== "";
  const found = useMemo(() => (sessions ? searchSessions(sessions, search) : []), [sessions, search]);
  const steady = useSessionRows(found);
  const some = steady.rows.length > 0;
  return (
    <Page
      title={t("nav.sessions")}
      tools={
        <>
          <span className={list.space} />
          <AlertsMenu />
        </>
      }
    >
      <div className={classes.invite}>
        {mayMakeLinks && <LinkPanel link={link} />}
        {mayMakeIds && <ConnectionIdPanel />}
      </div>
      <section aria-labelledby="connections">
        <div className={classes.bar}>
          <h2 id="connections">{t("sessions.available")}</h2>
          {some && <span className={list.count}>{found.length}</span>}
          <span className={list.space} />
          {searchable && <SearchField label={t("sessions.search")} value={search} onChange={setSearch} />}
          {maySeeAll && (
            <Switch
              size="sm"
              label={t("sessions.showAll")}
              checked={all}
              onChange={(event) => setAll(event.currentTarget.checked)}
            />
          )}
        </div>
        {error && !sessions && (
          <div className={list.pad}>
            <FaultBanner error={error} retry={refetch} />
          </div>
        )}
        {!sessions && !error && <RowsSkeleton rows={3} height={57} />}
        {sessions?.length === 0 && !some && !isPlaceholderData && (
          <FirstSteps link={mayMakeLinks ? link.url : undefined} all={all} />
        )}
        {some && <SessionList steady={steady} withOwner={all} key={String(all && !isPlaceholderData)} />}
        {search !== "" && !some && <p className={list.nothing}>{t("sessions.nothingFound")}</p>}
      </section>
    </Page>
  );
}

/** Keeps what holds every word of the search. */
export function searchSessions(sessions: Session[], search: string): Session[] {
  const words = fold(search).split(/\s+/).filter(Boolean);
  if (words.length === 0) return sessions;
  return sessions.filter((s) => {
    const text = fold([s.endUserName, s.ticket, s.computer, s.userName, s.system, s.address, s.owner.name].join("\n"));
    return words.every((word) => text.includes(word));
  });
}
