import { queryOptions } from "@tanstack/react-query";
import { api, take } from "./client";

/** What the login page shows before anybody has logged in. */
export const welcomeQuery = queryOptions({
  queryKey: ["welcome"],
  queryFn: ({ signal }) => take(api.GET("/api/welcome", { signal })),
  retry: false,
  staleTime: Number.POSITIVE_INFINITY,
});
