import { type QueryClient, queryOptions, useMutation, useQueryClient } from "@tanstack/react-query";
import { createContext, useContext } from "react";
import { api, take } from "./client";
import { Fault } from "./fault";
import type { LoginFinish, LoginRequest, LoginStep, Me, ProfileChange } from "./schema.gen";

export type { LoginStep, Me, ProfileChange };

/** Who is logged in; null: nobody. */
export const meQuery = queryOptions({
  queryKey: ["me"],
  queryFn: async ({ signal }): Promise<Me | null> => {
    try {
      return await take(api.GET("/api/me", { signal }));
    } catch (fault) {
      if (fault instanceof Fault && fault.code === "unauthorized") return null;
      throw fault;
    }
  },
  staleTime: 60_000,
});

/**
 * Who is logged in, for all that is below RequireLogin. The query alone would not do: on the way out it already says "nobody"
 * while the pages are still there.
 */
export const MeContext = createContext<Me | null>(null);

/** The agent who is logged in. Only below RequireLogin. */
export function useMe(): Me {
  const me = useContext(MeContext);
  if (!me) throw new Error("useMe outside of RequireLogin");
  return me;
}

/** Whether the agent's role permits something. Only below RequireLogin. */
export function useMay(permission: Me["permissions"][number]): boolean {
  return useMe().permissions.includes(permission);
}

/** Another agent, or nobody: what the one before saw is forgotten. */
export function become(queries: QueryClient, me: Me | null): void {
  queries.setQueryData(meQuery.queryKey, me);
  queries.removeQueries({ predicate: (query) => query.queryKey[0] !== meQuery.queryKey[0] });
}

/** Logs in by a password. The answer has a step when a second factor is wanted, too. */
export function useLogIn() {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (body: LoginRequest) => take(api.POST("/api/login", { body })),
    onSuccess: ({ me }) => {
      if (me) become(queries, me);
    },
  });
}

/** Begins to log in by a passkey alone. */
export const useBeginPasskey = () => useMutation({ mutationFn: () => take(api.POST("/api/login/passkey")) });

/** Shows the second factor, or a passkey, for a login that has begun. */
export function useFinishLogin() {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (body: LoginFinish) => take(api.POST("/api/login/finish", { body })),
    onSuccess: ({ me }) => {
      if (me) become(queries, me);
    },
  });
}

export function useLogOut() {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: () => take(api.POST("/api/logout")),
    onSettled: () => become(queries, null),
  });
}

/** Changes the profile; shown at once, taken back when the server refuses. */
export function useUpdateMe() {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (body: ProfileChange) => take(api.PATCH("/api/me", { body })),
    onMutate: async (change) => {
      await queries.cancelQueries(meQuery);
      const before = queries.getQueryData(meQuery.queryKey);
      if (before) queries.setQueryData(meQuery.queryKey, { ...before, ...change });
      return { before };
    },
    onError: (_fault, _change, context) => {
      if (context?.before) queries.setQueryData(meQuery.queryKey, context.before);
    },
    onSuccess: (me) => queries.setQueryData(meQuery.queryKey, me),
  });
}
