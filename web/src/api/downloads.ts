import { queryOptions } from "@tanstack/react-query";
import { api, take } from "./client";
import type { Download } from "./schema.gen";

export type { Download };

/** The clients that the server offers, as they are without a session. */
export const downloadsQuery = queryOptions({
  queryKey: ["downloads"],
  queryFn: async ({ signal }) => (await take(api.GET("/api/downloads", { signal }))).items,
});
