import { queryOptions } from "@tanstack/react-query";
import { fold } from "../i18n/fold";
import { api, take } from "./client";
import type { AgentRow } from "./schema.gen";

export type { AgentRow };

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
