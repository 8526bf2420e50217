import { queryOptions, useMutation, useQueryClient } from "@tanstack/react-query";
import { fold } from "../i18n/fold";
import { api, take } from "./client";
import type { AgentChange, AgentInvitation, AgentRequest, AgentRow, NewAgent } from "./schema.gen";

export type { AgentInvitation, AgentRow, NewAgent };

/** All agents, for those who manage them. */
export const agentsQuery = queryOptions({
  queryKey: ["agents"],
  queryFn: async ({ signal }) => (await take(api.GET("/api/agents", { signal }))).items,
  refetchInterval: 60_000,
});

/** Keeps whom every word of the search is found in. */
export function searchAgents(agents: AgentRow[], search: string): AgentRow[] {
  const words = fold(search).split(/\s+/).filter(Boolean);
  if (words.length === 0) return agents;
  return agents.filter((a) => {
    const text = fold([a.name, a.userName, a.email, a.title, a.roleName].join("\n"));
    return words.every((word) => text.includes(word));
  });
}

/** A change of agents: the list and the roles' counts are fetched again. */
function useChange<I, O>(change: (input: I) => Promise<O>) {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: change,
    onSuccess: () =>
      Promise.all([
        queries.invalidateQueries({ queryKey: agentsQuery.queryKey }),
        queries.invalidateQueries({ queryKey: ["roles"] }),
      ]),
  });
}

export const useAddAgent = () => useChange((body: AgentRequest) => take(api.POST("/api/agents", { body })));

export const useUpdateAgent = () =>
  useChange(({ id, change }: { id: string; change: AgentChange }) =>
    take(api.PATCH("/api/agents/{id}", { params: { path: { id } }, body: change })),
  );

export const useInviteAgain = () =>
  useChange((id: string) => take(api.POST("/api/agents/{id}/invitation", { params: { path: { id } } })));

/** A link for an agent's new password, to be handed over. */
export const useMakeResetLink = () =>
  useChange((id: string) => take(api.POST("/api/agents/{id}/reset-link", { params: { path: { id } } })));

export const useResetFactor = () =>
  useChange((id: string) => take(api.POST("/api/agents/{id}/reset-second-factor", { params: { path: { id } } })));

/** Takes an agent's account at the provider away. */
export const useUnlinkAgent = () =>
  useChange((id: string) => take(api.POST("/api/agents/{id}/unlink", { params: { path: { id } } })));

/** Disables agents, or enables them: all or none. */
export const useSetDisabled = () =>
  useChange(({ ids, disabled }: { ids: string[]; disabled: boolean }) =>
    take(api.POST(disabled ? "/api/agents/disable" : "/api/agents/enable", { body: { ids } })),
  );
