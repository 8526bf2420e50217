import {
  infiniteQueryOptions,
  keepPreviousData,
  queryOptions,
  useMutation,
  useQueryClient,
} from "@tanstack/react-query";
import { api, take } from "./client";
import type { LogDetails, LogEvent, LogParticipant, LogPrompt, LogRow, LogViewer, operations } from "./schema.gen";

export type { LogDetails, LogEvent, LogParticipant, LogPrompt, LogRow, LogViewer };

/** What is asked for, as the API names it. */
export type LogQuery = Omit<NonNullable<operations["list-logs"]["parameters"]["query"]>, "cursor" | "limit">;
export type LogSort = NonNullable<LogQuery["sort"]>;

const PAGE = 100;

/** Ended sessions, page by page, in the order that is asked for. */
export const logsQuery = (query: LogQuery) =>
  infiniteQueryOptions({
    queryKey: ["logs", "rows", query],
    queryFn: ({ pageParam: cursor, signal }) =>
      take(api.GET("/api/logs", { params: { query: { cursor: cursor || undefined, limit: PAGE, ...query } }, signal })),
    initialPageParam: "",
    getNextPageParam: (last) => last.nextCursor || undefined,
    placeholderData: keepPreviousData,
  });

/** How many there are in all; exact up to 10 000. */
export const logTotalQuery = ({ sort: _sort, order: _order, ...query }: LogQuery) =>
  queryOptions({
    queryKey: ["logs", "total", query],
    queryFn: ({ signal }) => take(api.GET("/api/logs/total", { params: { query }, signal })),
    placeholderData: keepPreviousData,
  });

/** Agents whose sessions one can ask for. */
export const logAgentsQuery = queryOptions({
  queryKey: ["logs", "agents"],
  queryFn: async ({ signal }) => (await take(api.GET("/api/logs/agents", { signal }))).items,
  staleTime: 60_000,
});

/** One session with all that is kept of it. */
export const logQuery = (id: string) =>
  queryOptions({
    queryKey: ["logs", "one", id],
    queryFn: ({ signal }) => take(api.GET("/api/logs/{id}", { params: { path: { id } }, signal })),
  });

/** What a command prompt of a session showed, as text. */
export const transcriptQuery = (id: string, promptId: string) =>
  queryOptions({
    queryKey: ["logs", "transcript", id, promptId],
    queryFn: async ({ signal }) => {
      const path = { id, promptId };
      const text: string = await take(
        api.GET("/api/logs/{id}/prompts/{promptId}", { params: { path }, parseAs: "text", signal }),
      );
      return text;
    },
  });

/** Where a transcript can be downloaded. */
export const transcriptUrl = (id: string, promptId: string) =>
  `/api/logs/${encodeURIComponent(id)}/prompts/${encodeURIComponent(promptId)}`;

export function useSetLogNote(id: string) {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (note: string) => take(api.PATCH("/api/logs/{id}", { params: { path: { id } }, body: { note } })),
    onSuccess: (details) => queries.setQueryData(logQuery(id).queryKey, details),
    onSettled: () => queries.invalidateQueries({ queryKey: ["logs"] }),
  });
}

/** Where the rows can be downloaded as CSV, with times in a zone as the IANA names it. */
export function exportUrl(query: LogQuery, zone: string): string {
  const wanted = Object.entries({ ...query, zone }).filter(([, value]) => value !== undefined && value !== "");
  return `/api/logs/export.csv?${new URLSearchParams(wanted.map(([name, value]) => [name, String(value)]))}`;
}
