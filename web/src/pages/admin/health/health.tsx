import { useQuery } from "@tanstack/react-query";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { type Health, healthQuery } from "../../../api/health";
import { Banner, FaultBanner } from "../../../components/banner";
import { RelativeTime } from "../../../components/relative-time";
import { RowsSkeleton } from "../../../components/rows-skeleton";
import { useFormat } from "../../../i18n/format";
import { AdminPage } from "../admin-page";
import { Graph } from "./graph";
import classes from "./health.module.css";
import { useBytes } from "./use-bytes";

/** Server health: what is there now, what to do about it, and the last hour in graphs. */
export function HealthPage() {
  const { t } = useTranslation();
  const { data, error, refetch } = useQuery(healthQuery);
  return (
    <AdminPage title="health.title">
      <div className={classes.page}>
        {error && <FaultBanner error={error} retry={refetch} />}
        {!data && !error && <RowsSkeleton rows={6} height={64} />}
        {data?.warnings.map(({ code }) => (
          <Banner key={code} tone={code === "no-mail" ? "info" : "bad"}>
            {t(`healthWarning.${code}`)}
          </Banner>
        ))}
        {data && data.warnings.length === 0 && <Banner>{t("health.fine")}</Banner>}
        {data && <Facts health={data} />}
        {data && <Graphs health={data} />}
      </div>
    </AdminPage>
  );
}

function Facts({ health }: { health: Health }) {
  const { t } = useTranslation();
  const format = useFormat();
  const bytes = useBytes();
  const live = Object.entries(health.sessions);
  const facts: [string, ReactNode][] = [
    [t("health.version"), health.version],
    [t("health.since"), <RelativeTime key="since" time={health.startedAt} />],
    [
      t("health.database"),
      t("health.databaseIs", {
        kind: health.database.kind,
        size: bytes(health.database.bytes),
        time: format.number(Math.round(health.database.milliseconds * 10) / 10),
      }),
    ],
    [t("health.bus"), t(`healthBus.${health.bus}`)],
    [
      t("health.sessions"),
      live.length === 0
        ? format.number(0)
        : format.list(live.map(([state, n]) => `${t(`state.${state as "ready"}`)}: ${format.number(n)}`)),
    ],
    [
      t("health.computers"),
      t("health.computersAre", { online: format.number(health.online), all: format.number(health.computers) }),
    ],
    [
      t("health.programs"),
      health.programs.length === 0
        ? t("health.noPrograms")
        : format.list(
            health.programs.map((one) =>
              t("health.programIs", { version: one.version, number: format.number(one.computers) }),
            ),
          ),
    ],
    [
      t("health.updates"),
      health.updates
        ? t("health.updatesAre", {
            version: health.updates.version || format.number(health.updates.release),
            waiting: format.number(health.updates.waiting),
            takenBack: format.number(health.updates.takenBack),
            never: format.number(health.updates.never),
          })
        : t("health.noUpdates"),
    ],
    [
      t("health.connected"),
      t("health.connectedAre", { clients: format.number(health.clients), consoles: format.number(health.consoles) }),
    ],
    [
      t("health.disk"),
      health.diskSize > 0
        ? t("health.diskIs", { free: bytes(health.diskFree), size: bytes(health.diskSize) })
        : t("health.unknown"),
    ],
    [
      t("health.certificate"),
      health.certificate
        ? t("health.certificateEnds", { time: format.exact(health.certificate) })
        : t("health.noCertificate"),
    ],
  ];
  return (
    <dl className={classes.facts}>
      {facts.map(([name, value]) => (
        <div key={name}>
          <dt>{name}</dt>
          <dd>{value}</dd>
        </div>
      ))}
    </dl>
  );
}

function Graphs({ health }: { health: Health }) {
  const { t } = useTranslation();
  const format = useFormat();
  const bytes = useBytes();
  const { samples, cores } = health;
  const rate = (n: number) => t("health.perSecond", { bytes: bytes(n) });
  const percent = (n: number) => t("health.percent", { number: format.number(Math.round(n * 100)) });
  return (
    <div className={classes.graphs}>
      <Graph name={t("health.sessions")} samples={samples} value={(s) => s.sessions} say={format.number} least={4} />
      <Graph name={t("health.viewers")} samples={samples} value={(s) => s.viewers} say={format.number} least={4} />
      <Graph name={t("health.online")} samples={samples} value={(s) => s.computers} say={format.number} least={4} />
      <Graph name={t("health.relay")} samples={samples} value={(s) => s.down + s.up} say={rate} least={1024} />
      <Graph name={t("health.cpu")} samples={samples} value={(s) => s.cpu / cores} say={percent} least={0.1} />
      <Graph name={t("health.memory")} samples={samples} value={(s) => s.memory} say={bytes} least={1 << 20} />
    </div>
  );
}
