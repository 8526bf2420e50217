import { keepPreviousData, queryOptions, useMutation, useQueryClient } from "@tanstack/react-query";
import { api, take } from "./client";
import type { Participant, Session, SessionViewer } from "./schema.gen";

export type { Participant, Session, SessionViewer };
export type SessionState = Session["state"];

/** Whether there is a client that a viewer can reach. A session of command prompts has no picture. */
export function connectable(session: Session): boolean {
  if (session.type === "command-prompt") return false;
  return session.state === "ready" || session.state === "asking" || session.state === "connected";
}

/** Live sessions: mine, or everyone's. The live connection tells when to fetch again; the interval is a safety net. */
export const sessionsQuery = (all: boolean) =>
  queryOptions({
    queryKey: ["sessions", { all }],
    queryFn: async ({ signal }) => (await take(api.GET("/api/sessions", { params: { query: { all } }, signal }))).items,
    placeholderData: keepPreviousData,
    refetchInterval: 60_000,
  });

export const sessionQuery = (id: string) =>
  queryOptions({
    queryKey: ["sessions", "one", id],
    queryFn: ({ signal }) => take(api.GET("/api/sessions/{id}", { params: { path: { id } }, signal })),
  });

/** Ends a session for all. */
export function useEndSession() {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (id: string) => take(api.POST("/api/sessions/{id}/end", { params: { path: { id } } })),
    onSettled: () => queries.invalidateQueries({ queryKey: ["sessions"] }),
  });
}

export function useSetNote() {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: ({ id, note }: { id: string; note: string }) =>
      take(api.PATCH("/api/sessions/{id}", { params: { path: { id } }, body: { note } })),
    onSettled: () => queries.invalidateQueries({ queryKey: ["sessions"] }),
  });
}

/** Lets another of those in line share their screen. */
export function useShare() {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: ({ id, participantId }: { id: string; participantId: string }) =>
      take(api.POST("/api/sessions/{id}/share", { params: { path: { id } }, body: { participantId } })),
    onSettled: () => queries.invalidateQueries({ queryKey: ["sessions"] }),
  });
}

/** Gives one who waits in line a session of their own. */
export function useSeparate() {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: ({ id, participantId }: { id: string; participantId: string }) =>
      take(api.POST("/api/sessions/{id}/separate", { params: { path: { id } }, body: { participantId } })),
    onSettled: () => queries.invalidateQueries({ queryKey: ["sessions"] }),
  });
}
