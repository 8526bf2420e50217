import { useCallback, useMemo, useState } from "react";
import { useTranslation } from "react-i18next";
import type { Session } from "../../api/sessions";
import { type Column, Grid } from "../../components/grid/grid";
import { RelativeTime } from "../../components/relative-time";
import { SessionStateBadge } from "../../components/state";
import { useKept } from "../../components/use-kept";
import { AgentDialog, type ForAgent } from "./agent-dialog";
import { EndDialog } from "./end-dialog";
import { NoteDialog } from "./note-dialog";
import { SessionActions } from "./session-actions";
import { ComputerCell, EndUserCell, ReadinessCell, ViewersCell } from "./session-cells";
import { type SteadyRows, useSteady } from "./use-steady";
import { WaitingLine } from "./waiting-line";

const rowId = (session: Session) => session.id;
const keepHeight = (shown: Session, next: Session): Session =>
  shown.line.length === next.line.length ? next : { ...next, line: shown.line };

/** The sessions as rows, who waits longest first, steady under the pointer. */
export function useSessionRows(sessions: Session[]): SteadyRows<Session> {
  const sorted = useMemo(() => sessions.toSorted((a, b) => a.createdAt.localeCompare(b.createdAt)), [sessions]);
  return useSteady(sorted, rowId, keepHeight);
}

/** A session as it is now, while a dialog about it is open. */
const fresh = (session: Session | undefined, rows: readonly Session[]) =>
  session && (rows.find((row) => row.id === session.id) ?? session);

/** "Available connections": one row for each session that an end-user's client has begun. */
export function SessionList({ steady, withOwner }: { steady: SteadyRows<Session>; withOwner: boolean }) {
  const { t } = useTranslation();
  const { rows, gone, pointer } = steady;
  const [ending, setEnding] = useState<Session>();
  const [noting, setNoting] = useState<Session>();
  const [agent, setAgent] = useState<{ session: Session; what: ForAgent }>();
  const shownAgent = useKept(agent);
  const isGone = useCallback((session: Session) => gone.has(session.id), [gone]);

  const columns = useMemo<Column<Session>[]>(
    () => [
      {
        id: "endUser",
        header: t("column.endUser"),
        track: "minmax(120px, 1.3fr)",
        slot: "lead",
        cell: (s) => <EndUserCell session={s} />,
      },
      {
        id: "state",
        header: t("column.state"),
        track: "128px",
        slot: "side",
        cell: (s) => <SessionStateBadge state={isGone(s) ? "ended" : s.state} />,
      },
      {
        id: "computer",
        header: t("column.computer"),
        track: "minmax(150px, 1.7fr)",
        slot: "line",
        cell: (s) => <ComputerCell session={s} />,
      },
      {
        id: "readiness",
        header: t("column.readiness"),
        track: "80px",
        from: withOwner ? 1000 : undefined,
        slot: "line",
        cell: (s) => <ReadinessCell session={s} />,
      },
      ...(withOwner
        ? [
            {
              id: "owner",
              header: t("column.owner"),
              track: "minmax(80px, 0.7fr)",
              slot: "line",
              named: true,
              cell: (s: Session) => s.owner.name,
            } satisfies Column<Session>,
          ]
        : []),
      {
        id: "viewers",
        header: t("column.connected"),
        track: "minmax(88px, 0.9fr)",
        slot: "line",
        cell: (s) => <ViewersCell session={s} />,
      },
      {
        id: "since",
        header: t("column.since"),
        track: "92px",
        slot: "line",
        end: true,
        named: true,
        cell: (s) => <RelativeTime time={s.since} />,
      },
      {
        id: "act",
        header: t("column.actions"),
        headerHidden: true,
        track: "156px",
        slot: "act",
        end: true,
        cell: (s) =>
          isGone(s) ? null : (
            <SessionActions
              session={s}
              onNote={setNoting}
              onEnd={setEnding}
              onAgent={(session, what) => setAgent({ session, what })}
            />
          ),
      },
    ],
    [t, withOwner, isGone],
  );

  return (
    <>
      <div {...pointer}>
        <Grid
          label={t("sessions.available")}
          columns={columns}
          rows={rows}
          rowId={rowId}
          rowHeight={57}
          gone={isGone}
          below={(s) => (s.line.length > 1 || s.state === "waiting" ? <WaitingLine session={s} /> : null)}
        />
      </div>
      <EndDialog session={ending} onClose={() => setEnding(undefined)} />
      <NoteDialog session={fresh(noting, rows)} onClose={() => setNoting(undefined)} />
      <AgentDialog what={shownAgent?.what ?? "invite"} session={agent?.session} onClose={() => setAgent(undefined)} />
    </>
  );
}
