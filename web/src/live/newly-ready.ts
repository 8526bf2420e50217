import type { Session, SessionState } from "../api/sessions";

/** Where each session stood when it was last looked at. */
export type Standing = ReadonlyMap<string, SessionState>;

export function standing(sessions: readonly Session[]): Standing {
  return new Map(sessions.map((s) => [s.id, s.state]));
}

/**
 * The sessions that an end-user has just made ready. One that goes back to ready because a viewer was closed or a
 * connection came back is no news.
 */
export function newlyReady(before: Standing, now: readonly Session[]): Session[] {
  return now.filter((session) => {
    if (session.state !== "ready" || session.type !== "attended") return false;
    const was = before.get(session.id);
    return was === undefined || was === "invited" || was === "waiting";
  });
}
