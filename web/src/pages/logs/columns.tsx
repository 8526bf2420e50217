import { Tooltip } from "@mantine/core";
import { IconBan, IconClockX, IconEye, IconKey, IconMinus, IconPointer } from "@tabler/icons-react";
import { useMemo } from "react";
import { useTranslation } from "react-i18next";
import { Link, useLocation } from "react-router";
import type { LogRow } from "../../api/logs";
import type { Column } from "../../components/grid/grid";
import { useReason } from "../../components/use-reason";
import { clock, useFormat } from "../../i18n/format";
import classes from "./logs.module.css";

/** The id of the link that opens a row. */
export const linkId = (id: string) => `log-${id}`;

/** The columns of the session log, in the order of the product's description. */
export function useLogColumns(): Column<LogRow>[] {
  const { t } = useTranslation();
  const format = useFormat();
  const reason = useReason();
  const { search } = useLocation();
  return useMemo<Column<LogRow>[]>(() => {
    const time = (iso: string) => (
      <Tooltip label={format.exact(iso)}>
        <time dateTime={iso}>{format.stamp(iso)}</time>
      </Tooltip>
    );
    // The day stands in Start; "+1" is the day after.
    const endTime = (row: LogRow) => (
      <Tooltip label={format.exact(row.end)}>
        <time dateTime={row.end}>
          {format.time(row.end)}
          {nights(row) > 0 && <sup className={classes.nights}>{`+${nights(row)}`}</sup>}
        </time>
      </Tooltip>
    );
    const text = (value: string) =>
      value || (
        <span className={classes.quiet} data-none>
          –
        </span>
      );
    return [
      {
        id: "start",
        header: t("column.start"),
        track: "176px",
        slot: "line",
        sort: "start",
        cell: (r) => (
          <Link id={linkId(r.id)} to={{ pathname: `/logs/${r.id}`, search }} className={classes.link}>
            {time(r.start)}
          </Link>
        ),
      },
      {
        id: "end",
        header: t("column.end"),
        track: "84px",
        slot: "none",
        end: true,
        sort: "end",
        cell: endTime,
      },
      {
        id: "duration",
        sort: "duration",
        header: t("column.duration"),
        track: "84px",
        slot: "side",
        end: true,
        cell: (r) => clock(r.durationSeconds),
      },
      {
        id: "endUser",
        sort: "endUser",
        header: t("column.endUser"),
        track: "152px",
        slot: "lead",
        cell: (r) => <span className={classes.strong}>{text(r.endUserName)}</span>,
      },
      {
        id: "computer",
        sort: "computer",
        header: t("column.computer"),
        track: "152px",
        slot: "line",
        named: true,
        cell: (r) => text(r.computer),
      },
      {
        id: "agents",
        sort: "agents",
        header: t("column.agents"),
        track: "152px",
        slot: "line",
        named: true,
        cell: (r) => text(format.list(r.agents)),
      },
      {
        id: "ticket",
        sort: "ticket",
        header: t("column.ticket"),
        track: "96px",
        slot: "line",
        named: true,
        cell: (r) => text(r.ticket),
      },
      {
        id: "consent",
        header: t("column.consent"),
        track: "132px",
        slot: "line",
        cell: (r) => <Consent consent={r.consent} />,
      },
      {
        id: "ended",
        header: t("column.endedBy"),
        track: "216px",
        slot: "line",
        cell: (r) => reason(r.endReason, r.endedBy),
      },
      {
        id: "owner",
        sort: "owner",
        header: t("column.owner"),
        track: "128px",
        slot: "none",
        cell: (r) => text(r.owner),
      },
      {
        id: "type",
        sort: "type",
        header: t("column.type"),
        track: "124px",
        slot: "none",
        cell: (r) => t(`type.${r.type}`),
      },
      {
        id: "agentAddress",
        header: t("column.agentAddress"),
        track: "168px",
        slot: "none",
        cell: (r) => text(r.agentAddress),
      },
      {
        id: "computerAddress",
        header: t("column.computerAddress"),
        track: "176px",
        slot: "none",
        cell: (r) => text(r.computerAddress),
      },
      {
        id: "note",
        header: t("column.note"),
        track: "minmax(240px, 1fr)",
        slot: "line",
        cell: (r) =>
          r.note ? (
            <Tooltip label={r.note} multiline>
              <span>{r.note}</span>
            </Tooltip>
          ) : null,
      },
    ];
  }, [t, format, reason, search]);
}

/** How many midnights, in the viewer's time zone, a session went past. */
function nights({ start, end }: LogRow): number {
  const midnight = (iso: string) => new Date(iso).setHours(12, 0, 0, 0);
  return Math.round((midnight(end) - midnight(start)) / 86_400_000);
}

const consents = {
  "not-asked": IconMinus,
  "not-needed": IconKey,
  view: IconEye,
  control: IconPointer,
  denied: IconBan,
  unanswered: IconClockX,
} as const;

function Consent({ consent }: { consent: LogRow["consent"] }) {
  const { t } = useTranslation();
  const Icon = consents[consent];
  return (
    <span className={classes.consent} data-bad={consent === "denied" || undefined}>
      <Icon size={15} stroke={1.75} aria-hidden />
      {t(`consent.${consent}`)}
    </span>
  );
}
