import { queryOptions, useMutation, useQueryClient } from "@tanstack/react-query";
import { api, take } from "./client";
import type { Computer, ComputerChange, ComputerMove, Group, GroupChange, GroupRequest } from "./schema.gen";

export type { Computer, ComputerMove, Group };
export type Visibility = Computer["visibility"];

/** The unattended computers that I see, by name. */
export const computersQuery = queryOptions({
  queryKey: ["computers"],
  queryFn: async ({ signal }) => (await take(api.GET("/api/computers", { signal }))).items,
  refetchInterval: 60_000,
});

/** The groups that computers stand in, by name. */
export const groupsQuery = queryOptions({
  queryKey: ["groups"],
  queryFn: async ({ signal }) => (await take(api.GET("/api/groups", { signal }))).items,
});

function useRefreshed<I, O>(change: (input: I) => Promise<O>) {
  const queries = useQueryClient();
  const refresh = () =>
    Promise.all([computersQuery, groupsQuery].map(({ queryKey }) => queries.invalidateQueries({ queryKey })));
  return useMutation({ mutationFn: change, onSettled: refresh });
}

export const useUpdateComputer = () =>
  useRefreshed(({ id, change }: { id: string; change: ComputerChange }) =>
    take(api.PATCH("/api/computers/{id}", { params: { path: { id } }, body: change })),
  );

export const useMoveComputers = () =>
  useRefreshed((body: ComputerMove) => take(api.POST("/api/computers/move", { body })));

/** Removes computers one after the other; the first that cannot be removed ends it. */
export const useRemoveComputers = () =>
  useRefreshed(async (ids: readonly string[]) => {
    for (const id of ids) await take(api.DELETE("/api/computers/{id}", { params: { path: { id } } }));
  });

export const useCreateGroup = () => useRefreshed((body: GroupRequest) => take(api.POST("/api/groups", { body })));

export const useUpdateGroup = () =>
  useRefreshed(({ id, change }: { id: string; change: GroupChange }) =>
    take(api.PATCH("/api/groups/{id}", { params: { path: { id } }, body: change })),
  );

export const useRemoveGroup = () =>
  useRefreshed((id: string) => take(api.DELETE("/api/groups/{id}", { params: { path: { id } } })));
