import { type QueryKey, queryOptions, useMutation, useQueryClient } from "@tanstack/react-query";
import { api, take } from "./client";
import { meQuery } from "./me";
import { makePasskey } from "./passkey";
import type { Login, Passkey, Security, Token, TokenList, TokenRequest } from "./schema.gen";

export type { Login, Passkey, Security, Token, TokenList };

/** My second factors. */
export const securityQuery = queryOptions({
  queryKey: ["security"],
  queryFn: ({ signal }) => take(api.GET("/api/security", { signal })),
});

/** Where I am logged in. */
export const loginsQuery = queryOptions({
  queryKey: ["logins"],
  queryFn: async ({ signal }) => (await take(api.GET("/api/logins", { signal }))).items,
});

/** My API tokens, and the scopes that there are. */
export const tokensQuery = queryOptions({
  queryKey: ["tokens"],
  queryFn: ({ signal }) => take(api.GET("/api/tokens", { signal })),
});

/** A change after which some queries are fetched again. */
function useChange<I, O>(change: (input: I) => Promise<O>, ...keys: QueryKey[]) {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: change,
    onSettled: () => Promise.all(keys.map((queryKey) => queries.invalidateQueries({ queryKey }))),
  });
}

const factors = [securityQuery.queryKey, meQuery.queryKey];

export const useChangePassword = () =>
  useChange(
    (body: { current: string; password: string }) => take(api.POST("/api/password", { body })),
    loginsQuery.queryKey,
  );

export const useBeginAuthenticator = () =>
  useChange((password: string) => take(api.POST("/api/security/authenticator", { body: { password } })));

export const useConfirmAuthenticator = () =>
  useChange((code: string) => take(api.POST("/api/security/authenticator/confirm", { body: { code } })), ...factors);

export const useRemoveAuthenticator = () =>
  useChange(
    (password: string) => take(api.POST("/api/security/authenticator/remove", { body: { password } })),
    ...factors,
  );

/** Asks the browser for a passkey and adds it. Gives the recovery codes that came with it, if any. */
export const useAddPasskey = () =>
  useChange(
    async ({ name, password }: { name: string; password: string }) => {
      const { token, options } = await take(api.POST("/api/security/passkeys", { body: { password } }));
      const passkey = await makePasskey(options);
      return take(api.POST("/api/security/passkeys/finish", { body: { token, name, passkey } }));
    },
    ...factors,
  );

export const useRenamePasskey = () =>
  useChange(
    ({ id, name }: { id: string; name: string }) =>
      take(api.PATCH("/api/security/passkeys/{id}", { params: { path: { id } }, body: { name } })),
    securityQuery.queryKey,
  );

export const useRemovePasskey = () =>
  useChange(
    ({ id, password }: { id: string; password: string }) =>
      take(api.POST("/api/security/passkeys/{id}/remove", { params: { path: { id } }, body: { password } })),
    ...factors,
  );

export const useRenewRecoveryCodes = () =>
  useChange(
    (password: string) => take(api.POST("/api/security/recovery-codes", { body: { password } })),
    securityQuery.queryKey,
  );

export const useEndLogin = () =>
  useChange((id: string) => take(api.DELETE("/api/logins/{id}", { params: { path: { id } } })), loginsQuery.queryKey);

export const useEndOtherLogins = () => useChange(() => take(api.POST("/api/logins/end-others")), loginsQuery.queryKey);

export const useCreateToken = () =>
  useChange((body: TokenRequest) => take(api.POST("/api/tokens", { body })), tokensQuery.queryKey);

export const useRemoveToken = () =>
  useChange((id: string) => take(api.DELETE("/api/tokens/{id}", { params: { path: { id } } })), tokensQuery.queryKey);
