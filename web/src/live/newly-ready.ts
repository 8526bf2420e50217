import type { Session, SessionState } from "../api/sessions";

/** Where each session stood when it was last looked at, and who was in it. */
export type Standing = ReadonlyMap<string, { state: SessionState; line: ReadonlySet<string> }>;

const people = (session: Session) => new Set(session.line.map((one) => one.participantId));

export function standing(sessions: readonly Session[]): Standing {
  return new Map(sessions.map((s) => [s.id, { state: s.state, line: people(s) }]));
}

/**
 * The sessions that an end-user has just made ready, or where one more stands in line. One that goes back to ready because a viewer was
 * closed or a connection came back is no news, nor is one who was moved from one session to another.
 */
export function newlyReady(before: Standing, now: readonly Session[]): Session[] {
  const known = new Set([...before.values()].flatMap(({ line }) => [...line]));
  return now.filter((session) => {
    if (session.type !== "attended" || session.state === "ended") return false;
    const came = session.line.some((one) => !known.has(one.participantId));
    const was = before.get(session.id);
    if (was === undefined) return session.state === "ready" && (came || session.line.length === 0);
    if (session.state === "ready" && (was.state === "invited" || was.state === "waiting")) return true;
    return came;
  });
}
