import { infiniteQueryOptions, queryOptions, useMutation } from "@tanstack/react-query";
import { api, take } from "./client";
import type { AuditEvent, AuditReport } from "./schema.gen";

export type { AuditEvent, AuditReport };

export interface AuditFilter {
  verb?: string;
  agent?: string;
  from?: string;
  until?: string;
}

/** What was done, the newest first, page by page. */
export const auditQuery = (filter: AuditFilter) =>
  infiniteQueryOptions({
    queryKey: ["audit", filter],
    queryFn: ({ pageParam: cursor, signal }) =>
      take(
        api.GET("/api/audit", { params: { query: { cursor: cursor || undefined, limit: 100, ...filter } }, signal }),
      ),
    initialPageParam: "",
    getNextPageParam: (last) => last.nextCursor || undefined,
  });

export const auditVerbsQuery = queryOptions({
  queryKey: ["audit", "verbs"],
  queryFn: async ({ signal }) => (await take(api.GET("/api/audit/verbs", { signal }))).items,
});

/** Agents whose acts one can ask for. */
export const auditAgentsQuery = queryOptions({
  queryKey: ["audit", "agents"],
  queryFn: async ({ signal }) => (await take(api.GET("/api/audit/agents", { signal }))).items,
  staleTime: 60_000,
});

export const useVerifyAudit = () =>
  useMutation({ mutationFn: (expect: string) => take(api.POST("/api/audit/verify", { body: { expect } })) });
