import { queryOptions, useMutation, useQueryClient } from "@tanstack/react-query";
import { api, take } from "./client";
import { become } from "./me";
import type { SignOn, SignOnAnswer, SignOnRequest, SignOnTrial } from "./schema.gen";
import { securityQuery } from "./security";
import { welcomeQuery } from "./welcome";

export type { SignOn, SignOnRequest, SignOnTrial };

/** How agents log in by another service. */
export const signOnQuery = queryOptions({
  queryKey: ["sign-on"],
  queryFn: ({ signal }) => take(api.GET("/api/sign-on", { signal })),
});

export function useSaveSignOn() {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (body: SignOnRequest) => take(api.PUT("/api/sign-on", { body })),
    onSuccess: (saved) => {
      queries.setQueryData(signOnQuery.queryKey, saved);
      return queries.invalidateQueries({ queryKey: welcomeQuery.queryKey });
    },
  });
}

/** Asks a provider, which need not be saved, whether it is one and knows the client. */
export const useTestSignOn = () =>
  useMutation({ mutationFn: (body: SignOnRequest) => take(api.POST("/api/sign-on/test", { body })) });

/** Begins to log in by the service; the answer is where the browser goes. */
export const useBeginSignOn = () =>
  useMutation({
    mutationFn: (back: string) => take(api.POST("/api/login/sign-on", { body: { return: back } })),
  });

/** Logs in with what the service answered; a step is there when a second factor is wanted, too. */
export function useFinishSignOn() {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (body: SignOnAnswer) => take(api.POST("/api/login/sign-on/finish", { body })),
    onSuccess: ({ me }) => {
      if (me) become(queries, me);
    },
  });
}

/** Gives up the account by which one can log in. */
export function useUnlink() {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (password: string) => take(api.POST("/api/security/sign-on/unlink", { body: { password } })),
    onSettled: () => queries.invalidateQueries({ queryKey: securityQuery.queryKey }),
  });
}

/** Goes to another site, in place of this page: Back then leads to the page before. */
export const leave = (address: string): void => location.replace(address);
