import { useMemo } from "react";
import { useTranslation } from "react-i18next";
import type { AgentRow } from "../../../api/agents";
import { useMe } from "../../../api/me";
import type { Column } from "../../../components/grid/grid";
import { RelativeTime } from "../../../components/relative-time";
import { useRoleName } from "../roles/role-name";
import { AgentStateBadge } from "./agent-state";
import classes from "./agents.module.css";

export function useColumns(): Column<AgentRow>[] {
  const { t } = useTranslation();
  const me = useMe();
  const roleName = useRoleName();
  return useMemo<Column<AgentRow>[]>(
    () => [
      {
        id: "name",
        header: t("agents.agent"),
        track: "minmax(150px, 1.6fr)",
        slot: "lead",
        value: (a) => a.name,
        cell: (a) => (
          <span className={classes.agent}>
            <span className={classes.name} id={`agent-${a.id}`}>
              {a.name}
              {a.id === me.id && <span className={classes.you}>{t("agents.you")}</span>}
            </span>
            <span className={classes.detail}>{a.title ? `${a.userName} · ${a.title}` : a.userName}</span>
          </span>
        ),
      },
      {
        id: "email",
        header: t("settings.email"),
        track: "minmax(140px, 1.4fr)",
        from: 900,
        slot: "none",
        value: (a) => a.email,
        cell: (a) => a.email,
      },
      {
        id: "role",
        header: t("agents.role"),
        track: "minmax(100px, 1fr)",
        slot: "line",
        value: (a) => roleName(a.role, a.roleName),
        cell: (a) => roleName(a.role, a.roleName),
      },
      {
        id: "state",
        header: t("column.state"),
        track: "150px",
        slot: "side",
        value: (a) => ["active", "invited", "disabled"].indexOf(a.state),
        cell: (a) => <AgentStateBadge agent={a} />,
      },
      {
        id: "seen",
        header: t("column.lastSeen"),
        track: "104px",
        slot: "line",
        named: true,
        value: (a) => (a.lastSeenAt ? -Date.parse(a.lastSeenAt) : 0),
        cell: (a) => (a.lastSeenAt ? <RelativeTime time={a.lastSeenAt} /> : t("agents.never")),
      },
      {
        id: "logins",
        header: t("agents.loginsColumn"),
        track: "92px",
        from: 1000,
        slot: "line",
        named: true,
        end: true,
        value: (a) => a.logins,
        cell: (a) => a.logins,
      },
    ],
    [t, me.id, roleName],
  );
}
