import { queryOptions, useMutation, useQueryClient } from "@tanstack/react-query";
import { api, take } from "./client";
import type { Call, Colleague } from "./schema.gen";

export type { Call, Colleague };

/** The other agents, whom a session can be shown or given to. */
export const colleaguesQuery = queryOptions({
  queryKey: ["colleagues"],
  queryFn: async ({ signal }) => (await take(api.GET("/api/colleagues", { signal }))).items,
  staleTime: 30_000,
});

/** The sessions that other agents call me to, the newest first. */
export const callsQuery = queryOptions({
  queryKey: ["sessions", "calls"],
  queryFn: async ({ signal }) => (await take(api.GET("/api/calls", { signal }))).items,
});

interface Wanted {
  id: string;
  agentId: string;
}

/** Asks another agent to join a session. */
export function useCallAgent() {
  return useMutation({
    mutationFn: ({ id, agentId }: Wanted) =>
      take(api.POST("/api/sessions/{id}/calls", { params: { path: { id } }, body: { agentId } })),
  });
}

/** Gives a session to another agent. */
export function useTransfer() {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: ({ id, agentId }: Wanted) =>
      take(api.POST("/api/sessions/{id}/transfer", { params: { path: { id } }, body: { agentId } })),
    onSettled: () => queries.invalidateQueries({ queryKey: ["sessions"] }),
  });
}

export function useDismissCall() {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (id: string) => take(api.DELETE("/api/calls/{id}", { params: { path: { id } } })),
    onMutate: (id) => {
      queries.setQueryData(callsQuery.queryKey, (old) => old?.filter((call) => call.sessionId !== id));
    },
    onSettled: () => queries.invalidateQueries(callsQuery),
  });
}
