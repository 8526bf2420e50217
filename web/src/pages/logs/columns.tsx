import { Tooltip } from "@mantine/core";
import { IconBan, IconClockX, IconEye, IconKey, IconMinus, IconPointer } from "@tabler/icons-react";
import { useMemo } from "react";
import { useTranslation } from "react-i18next";
import type { LogRow } from "../../api/logs";
import type { Column } from "../../components/grid/grid";
import { useReason } from "../../components/use-reason";
import { clock, useFormat } from "../../i18n/format";
import classes from "./logs.module.css";

/** The columns of the session log, in the order of the product's description. */
export function useLogColumns(): Column<LogRow>[] {
  const { t } = useTranslation();
  const format = useFormat();
  const reason = useReason();
  return useMemo<Column<LogRow>[]>(() => {
    const time = (iso: string) => (
      <Tooltip label={format.exact(iso)}>
        <time dateTime={iso}>{format.stamp(iso)}</time>
      </Tooltip>
    );
    const text = (value: string) => value || <span className={classes.quiet}>–</span>;
    return [
      { id: "start", header: t("column.start"), track: "168px", slot: "line", cell: (r) => time(r.start) },
      { id: "end", header: t("column.end"), track: "136px", slot: "none", cell: (r) => time(r.end) },
      {
        id: "duration",
        header: t("column.duration"),
        track: "84px",
        slot: "side",
        end: true,
        cell: (r) => clock(r.durationSeconds),
      },
      {
        id: "endUser",
        header: t("column.endUser"),
        track: "minmax(130px, 1.2fr)",
        slot: "lead",
        cell: (r) => <span className={classes.strong}>{text(r.endUserName)}</span>,
      },
      {
        id: "computer",
        header: t("column.computer"),
        track: "minmax(130px, 1.2fr)",
        slot: "line",
        named: true,
        cell: (r) => text(r.computer),
      },
      {
        id: "agents",
        header: t("column.agents"),
        track: "minmax(120px, 1fr)",
        slot: "line",
        named: true,
        cell: (r) => text(format.list(r.agents)),
      },
      {
        id: "owner",
        header: t("column.owner"),
        track: "minmax(110px, 0.9fr)",
        slot: "none",
        cell: (r) => text(r.owner),
      },
      {
        id: "ticket",
        header: t("column.ticket"),
        track: "96px",
        slot: "line",
        named: true,
        cell: (r) => text(r.ticket),
      },
      { id: "type", header: t("column.type"), track: "128px", slot: "none", cell: (r) => t(`type.${r.type}`) },
      {
        id: "consent",
        header: t("column.consent"),
        track: "minmax(132px, 0.8fr)",
        slot: "line",
        cell: (r) => <Consent consent={r.consent} />,
      },
      {
        id: "ended",
        header: t("column.endedBy"),
        track: "minmax(200px, 1.6fr)",
        slot: "line",
        cell: (r) => reason(r.endReason, r.endedBy),
      },
      {
        id: "agentAddress",
        header: t("column.agentAddress"),
        track: "128px",
        slot: "none",
        cell: (r) => text(r.agentAddress),
      },
      {
        id: "computerAddress",
        header: t("column.computerAddress"),
        track: "144px",
        slot: "none",
        cell: (r) => text(r.computerAddress),
      },
      {
        id: "note",
        header: t("column.note"),
        track: "minmax(160px, 1.6fr)",
        slot: "line",
        cell: (r) =>
          r.note ? (
            <Tooltip label={r.note} multiline>
              <span>{r.note}</span>
            </Tooltip>
          ) : null,
      },
    ];
  }, [t, format, reason]);
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
