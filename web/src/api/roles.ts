import { queryOptions, useMutation, useQueryClient } from "@tanstack/react-query";
import { api, take } from "./client";
import type { Role, RoleRequest } from "./schema.gen";

export type { Role };
export type Permission = Role["permissions"][number];

/** All roles: the built-in ones, then the own ones by name. */
export const rolesQuery = queryOptions({
  queryKey: ["roles"],
  queryFn: async ({ signal }) => (await take(api.GET("/api/roles", { signal }))).items,
});

function useRefreshed<I, O>(change: (input: I) => Promise<O>) {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: change,
    onSuccess: () => queries.invalidateQueries({ queryKey: rolesQuery.queryKey }),
  });
}

/** Adds a role, or changes the one with an id. */
export const useSaveRole = () =>
  useRefreshed(({ id, body }: { id?: string; body: RoleRequest }) =>
    id ? take(api.PUT("/api/roles/{id}", { params: { path: { id } }, body })) : take(api.POST("/api/roles", { body })),
  );

export const useRemoveRole = () =>
  useRefreshed((id: string) => take(api.DELETE("/api/roles/{id}", { params: { path: { id } } })));
