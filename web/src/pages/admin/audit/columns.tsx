import { Tooltip } from "@mantine/core";
import { useMemo } from "react";
import { useTranslation } from "react-i18next";
import type { AuditEvent } from "../../../api/audit";
import type { Column } from "../../../components/grid/grid";
import { useAct } from "../../../components/use-act";
import { useFormat } from "../../../i18n/format";
import classes from "./audit.module.css";

/** What an act was about, as names and values. */
const details = (event: AuditEvent) =>
  Object.entries(event.detail)
    .map(([name, value]) => `${name}: ${value}`)
    .join(" · ");

export function useAuditColumns(): Column<AuditEvent>[] {
  const { t } = useTranslation();
  const format = useFormat();
  const act = useAct();
  return useMemo<Column<AuditEvent>[]>(
    () => [
      {
        id: "at",
        header: t("audit.time"),
        track: "180px",
        slot: "side",
        cell: (e) => (
          <Tooltip label={format.exact(e.at)}>
            <time dateTime={e.at}>{format.stamp(e.at)}</time>
          </Tooltip>
        ),
      },
      {
        id: "verb",
        header: t("audit.verb"),
        track: "216px",
        slot: "lead",
        cell: (e) => <span title={e.verb}>{act(e.verb)}</span>,
      },
      { id: "actor", header: t("audit.actor"), track: "152px", slot: "line", named: true, cell: (e) => e.actor },
      {
        id: "address",
        header: t("column.address"),
        track: "148px",
        slot: "line",
        named: true,
        cell: (e) => e.address || <span className={classes.quiet}>–</span>,
      },
      {
        id: "detail",
        header: t("audit.details"),
        track: "minmax(320px, 1fr)",
        slot: "line",
        cell: (e) =>
          e.removed ? (
            <span className={classes.quiet}>{t("audit.removed")}</span>
          ) : (
            <Tooltip label={details(e)} multiline maw={480} disabled={details(e) === ""}>
              <span>{details(e)}</span>
            </Tooltip>
          ),
      },
      {
        id: "subject",
        header: t("audit.subject"),
        track: "244px",
        slot: "none",
        cell: (e) => <code className={classes.quiet}>{e.subject}</code>,
      },
      { id: "sequence", header: t("audit.number"), track: "92px", slot: "none", end: true, cell: (e) => e.sequence },
    ],
    [t, format, act],
  );
}
