import { infiniteQueryOptions } from "@tanstack/react-query";
import { api, take } from "./client";
import type { LogRow } from "./schema.gen";

export type { LogRow };

const PAGE = 100;

/** Ended sessions, the newest first, page by page. all: everyone's, for administrators. */
export const logsQuery = (all: boolean) =>
  infiniteQueryOptions({
    queryKey: ["logs", { all }],
    queryFn: ({ pageParam: cursor, signal }) =>
      take(api.GET("/api/logs", { params: { query: { cursor: cursor || undefined, limit: PAGE, all } }, signal })),
    initialPageParam: "",
    getNextPageParam: (last) => last.nextCursor || undefined,
  });
