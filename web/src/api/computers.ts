import { type QueryClient, queryOptions, useMutation, useQueryClient } from "@tanstack/react-query";
import { api, take } from "./client";
import { computerQuery } from "./computer";
import type {
  Computer,
  ComputerChange,
  ComputerInDetail,
  ComputerMove,
  Group,
  GroupChange,
  GroupRequest,
  Inventory,
} from "./schema.gen";

export type { Computer, ComputerInDetail, ComputerMove, Group, Inventory };
export type Visibility = Computer["visibility"];

/** The unattended computers that I see, by name; for administrators all. What changes comes live, see refreshComputers. */
export const computersQuery = queryOptions({
  queryKey: ["computers", "list"],
  queryFn: async ({ signal }) => (await take(api.GET("/api/computers", { signal }))).items,
  refetchInterval: 300_000,
});

/** Another agent's own computer, which an administrator may take over but not connect to. */
export const isOthers = (computer: Computer, me: { id: string }) =>
  computer.visibility === "me" && computer.owner.id !== me.id;

/** Fetches computers that have changed, of a list that may be long. */
export async function refreshComputers(queries: QueryClient, ids: readonly string[]): Promise<void> {
  const { queryKey } = computersQuery;
  for (const id of ids) void queries.invalidateQueries({ queryKey: computerQuery(id).queryKey });
  const all = () => queries.invalidateQueries({ queryKey });
  if (!queries.getQueryData(queryKey) || queries.isFetching({ queryKey })) return all();
  try {
    const { items } = await take(api.GET("/api/computers", { params: { query: { id: [...ids] } } }));
    if (queries.isFetching({ queryKey })) return all();
    queries.setQueryData(queryKey, (list) => list && merged(list, ids, items));
  } catch {
    await all();
  }
}

/** A list with what is now true of some in it; those that are not among the items are gone. New ones come last: the page sorts. */
export function merged(list: readonly Computer[], ids: readonly string[], items: readonly Computer[]): Computer[] {
  const asked = new Set(ids);
  const now = new Map(items.map((one) => [one.id, one]));
  const kept = list.filter((one) => !asked.has(one.id) || now.has(one.id)).map((one) => now.get(one.id) ?? one);
  const known = new Set(list.map((one) => one.id));
  return [...kept, ...items.filter((one) => !known.has(one.id))];
}

/** The groups that computers stand in, by name. */
export const groupsQuery = queryOptions({
  queryKey: ["groups"],
  queryFn: async ({ signal }) => (await take(api.GET("/api/groups", { signal }))).items,
});

function useRefreshed<I, O>(change: (input: I) => Promise<O>) {
  const queries = useQueryClient();
  const refresh = () =>
    Promise.all([["computers"], groupsQuery.queryKey].map((queryKey) => queries.invalidateQueries({ queryKey })));
  return useMutation({ mutationFn: change, onSettled: refresh });
}

export const useUpdateComputer = () =>
  useRefreshed(({ id, change }: { id: string; change: ComputerChange }) =>
    take(api.PATCH("/api/computers/{id}", { params: { path: { id } }, body: change })),
  );

/** Changes several computers one after the other; the first that cannot be changed ends it. */
export const useUpdateComputers = () =>
  useRefreshed(async (changes: readonly { id: string; change: ComputerChange }[]) => {
    for (const { id, change } of changes)
      await take(api.PATCH("/api/computers/{id}", { params: { path: { id } }, body: change }));
  });

/** Wakes computers by their neighbours; gives the name of the one that woke the last. */
export const useWakeComputers = () =>
  useMutation({
    mutationFn: async (ids: readonly string[]) => {
      let by = "";
      for (const id of ids) by = (await take(api.POST("/api/computers/{id}/wake", { params: { path: { id } } }))).name;
      return by;
    },
  });

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
