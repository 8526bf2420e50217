import { useMemo } from "react";
import { useTranslation } from "react-i18next";
import type { AgentRow } from "../../../api/agents";
import type { Me } from "../../../api/me";
import { type Choosing, choiceColumn } from "../../../components/choice-column";
import type { Column } from "../../../components/grid/grid";
import { RelativeTime } from "../../../components/relative-time";
import { useRoleName } from "../roles/role-name";
import { AgentMenu } from "./agent-menu";
import { AgentStateBadge } from "./agent-state";
import classes from "./agents.module.css";

/** What is being done with agents, in a dialog. */
export interface Doing {
  what: "edit" | "link" | "password" | "factor" | "unlink" | "disable";
  agents: AgentRow[];
}

/** Whether I may change an agent. Nobody disables themselves. */
const mine = (agent: AgentRow, me: Me) => !agent.mightier && agent.id !== me.id;

export function useColumns(me: Me, choosing: Choosing, onDo: (doing: Doing) => void): Column<AgentRow>[] {
  const { t } = useTranslation();
  const roleName = useRoleName();
  return useMemo<Column<AgentRow>[]>(
    () => [
      choiceColumn(t, choosing, (a) => mine(a, me)),
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
        track: "164px",
        slot: "side",
        value: (a) => ["active", "invited", "disabled"].indexOf(a.state),
        cell: (a) => <AgentStateBadge agent={a} />,
      },
      {
        id: "factor",
        header: t("agents.secondFactor"),
        track: "112px",
        from: 1000,
        slot: "line",
        named: true,
        value: (a) => Number(!a.secondFactor),
        cell: (a) => (a.secondFactor ? t("agents.secondFactorOn") : t("agents.secondFactorOff")),
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
        track: "96px",
        from: 1000,
        slot: "line",
        named: true,
        end: true,
        value: (a) => a.logins,
        cell: (a) => a.logins,
      },
      {
        id: "act",
        header: t("column.actions"),
        headerHidden: true,
        track: "40px",
        slot: "menu",
        end: true,
        cell: (a) => (a.mightier ? null : <AgentMenu agent={a} me={me} onDo={onDo} />),
      },
    ],
    [t, me, choosing, onDo, roleName],
  );
}
