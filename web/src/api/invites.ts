import { queryOptions, useMutation, useQueryClient } from "@tanstack/react-query";
import { api, take } from "./client";
import type { ConnectionID, LinkMailRequest, ShortLink } from "./schema.gen";

export type { ConnectionID, ShortLink };

/** "123 456", as people read it aloud. */
export function spaced(code: string): string {
  return `${code.slice(0, 3)} ${code.slice(3)}`;
}

/** My open connection IDs, the newest first. */
export const connectionIdsQuery = queryOptions({
  queryKey: ["invites", "ids"],
  queryFn: async ({ signal }) => (await take(api.GET("/api/invites/ids", { signal }))).items,
});

export function useCreateConnectionId() {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: () => take(api.POST("/api/invites/ids")),
    onSuccess: (made) => {
      queries.setQueryData(connectionIdsQuery.queryKey, (old) => [made, ...(old ?? [])]);
    },
  });
}

export function useRemoveConnectionId() {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (id: string) => take(api.DELETE("/api/invites/ids/{id}", { params: { path: { id } } })),
    onMutate: (id) => {
      queries.setQueryData(connectionIdsQuery.queryKey, (old) => old?.filter((one) => one.id !== id));
    },
    onSettled: () => queries.invalidateQueries(connectionIdsQuery),
  });
}

export function useShorten() {
  return useMutation({
    mutationFn: (body: { ticket: string; endUserName: string }) => take(api.POST("/api/invites/short", { body })),
  });
}

/** Sends the link to an end-user by the server's mail. */
export function useMailLink() {
  return useMutation({
    mutationFn: (body: LinkMailRequest) => take(api.POST("/api/invites/mail", { body })),
  });
}
