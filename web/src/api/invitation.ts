import { queryOptions, useMutation } from "@tanstack/react-query";
import { api, take } from "./client";

/** Whom an invitation is for; its token is what the link carries. Asking does not use it up. */
export const invitationQuery = (token: string) =>
  queryOptions({
    queryKey: ["invitation", token],
    queryFn: ({ signal }) => take(api.POST("/api/invitation", { body: { token }, signal })),
    staleTime: Number.POSITIVE_INFINITY,
  });

export function useAcceptInvitation() {
  return useMutation({
    mutationFn: (body: { token: string; password: string }) => take(api.POST("/api/invitation/accept", { body })),
  });
}
