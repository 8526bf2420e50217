import { queryOptions } from "@tanstack/react-query";
import { api, take } from "./client";
import type { Health, HealthSample } from "./schema.gen";

export type { Health, HealthSample };

/** How the server is; as often as it takes samples. */
export const healthQuery = queryOptions({
  queryKey: ["health"],
  queryFn: ({ signal }) => take(api.GET("/api/health", { signal })),
  refetchInterval: 5_000,
});
