import { queryOptions, useMutation } from "@tanstack/react-query";
import { api, take } from "./client";

/** Asks for a link for a new password by mail. */
export const useForgot = () =>
  useMutation({ mutationFn: (who: string) => take(api.POST("/api/password/forgot", { body: { who } })) });

/** Whom a link is for. Asking does not use it up. */
export const resetQuery = (token: string) =>
  queryOptions({
    queryKey: ["reset", token],
    queryFn: ({ signal }) => take(api.POST("/api/password/reset/check", { body: { token }, signal })),
    retry: false,
    staleTime: Number.POSITIVE_INFINITY,
  });

export const useReset = () =>
  useMutation({
    mutationFn: (body: { token: string; password: string }) => take(api.POST("/api/password/reset", { body })),
  });
