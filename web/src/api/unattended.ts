import { queryOptions, useMutation, useQueryClient } from "@tanstack/react-query";
import { api, take } from "./client";
import type { NewUnattendedLink, UnattendedLink, UnattendedLinkRequest, UnattendedMailRequest } from "./schema.gen";

export type { NewUnattendedLink, UnattendedLink };

/** My open links for end-users that add a computer, the newest first. */
export const unattendedLinksQuery = queryOptions({
  queryKey: ["invites", "unattended"],
  queryFn: async ({ signal }) => (await take(api.GET("/api/computers/links", { signal }))).items,
});

/** Makes a link that adds a computer. Its address is told this once. */
export function useMakeUnattendedLink() {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (body: UnattendedLinkRequest) => take(api.POST("/api/computers/links", { body })),
    onSuccess: ({ url: _, code: __, ...link }, { kind }) => {
      if (kind !== "end-user") return;
      queries.setQueryData(unattendedLinksQuery.queryKey, (old) => [
        link,
        ...(old ?? []).filter((one) => one.id !== link.id),
      ]);
    },
  });
}

export function useRevokeUnattendedLink() {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (id: string) => take(api.DELETE("/api/computers/links/{id}", { params: { path: { id } } })),
    onSettled: () => queries.invalidateQueries(unattendedLinksQuery),
  });
}

/** Sends such a link to an end-user by the server's mail. */
export function useMailUnattendedLink() {
  return useMutation({
    mutationFn: (body: UnattendedMailRequest) => take(api.POST("/api/computers/links/mail", { body })),
  });
}
