import { queryOptions, useMutation, useQueryClient } from "@tanstack/react-query";
import { api, take } from "./client";
import type { Policy, PolicyChange } from "./schema.gen";

export type { Policy };

/** What is true for everybody. */
export const policyQuery = queryOptions({
  queryKey: ["policy"],
  queryFn: ({ signal }) => take(api.GET("/api/policy", { signal })),
});

export function useUpdatePolicy() {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (body: PolicyChange) => take(api.PATCH("/api/policy", { body })),
    onSuccess: (policy) => queries.setQueryData(policyQuery.queryKey, policy),
  });
}
