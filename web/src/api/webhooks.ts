import { infiniteQueryOptions, queryOptions, useMutation, useQueryClient } from "@tanstack/react-query";
import { api, take } from "./client";
import type { Delivery, NewWebhook, Webhook, WebhookChange, WebhookRequest } from "./schema.gen";

export type { Delivery, NewWebhook, Webhook };
export type WebhookEvent = Webhook["events"][number];

/** What a webhook can be told, in the order in which it is shown. */
export const webhookEvents: WebhookEvent[] = [
  "session.waiting",
  "session.started",
  "session.ended",
  "computer.online",
  "computer.offline",
];

export const webhooksQuery = queryOptions({
  queryKey: ["webhooks"],
  queryFn: async ({ signal }) => (await take(api.GET("/api/webhooks", { signal }))).items,
});

/** A webhook's events with the last answers, the newest first. */
export const deliveriesQuery = (id: string) =>
  infiniteQueryOptions({
    queryKey: ["webhooks", id, "deliveries"],
    queryFn: ({ pageParam: cursor, signal }) =>
      take(
        api.GET("/api/webhooks/{id}/deliveries", {
          params: { path: { id }, query: { cursor: cursor || undefined, limit: 20 } },
          signal,
        }),
      ),
    initialPageParam: "",
    getNextPageParam: (last) => last.nextCursor || undefined,
  });

/** A change to webhooks; the list is fetched again when it was made. */
function useChange<V, T>(mutationFn: (variables: V) => Promise<T>) {
  const queries = useQueryClient();
  return useMutation({
    mutationFn,
    onSuccess: () => queries.invalidateQueries({ queryKey: webhooksQuery.queryKey }),
  });
}

const path = (id: string) => ({ params: { path: { id } } });

export const useAddWebhook = () =>
  useChange((body: WebhookRequest) => take<NewWebhook>(api.POST("/api/webhooks", { body })));

export const useChangeWebhook = () =>
  useChange(({ id, ...body }: WebhookChange & { id: string }) =>
    take(api.PATCH("/api/webhooks/{id}", { ...path(id), body })),
  );

export const useRemoveWebhook = () => useChange((id: string) => take(api.DELETE("/api/webhooks/{id}", path(id))));

export const useRenewSecret = () =>
  useChange((id: string) => take<NewWebhook>(api.POST("/api/webhooks/{id}/secret", path(id))));

export const useTestWebhook = () => useChange((id: string) => take(api.POST("/api/webhooks/{id}/test", path(id))));

export const useSendAgain = () =>
  useChange(({ id, delivery }: { id: string; delivery: number }) =>
    take(api.POST("/api/webhooks/{id}/deliveries/{delivery}/again", { params: { path: { id, delivery } } })),
  );
