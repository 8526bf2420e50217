import { queryOptions } from "@tanstack/react-query";
import { api, take } from "./client";

/** A computer with what it is made of. Apart from the other questions about computers, for the viewer, which is to begin at once. */
export const computerQuery = (id: string) =>
  queryOptions({
    queryKey: ["computers", "one", id],
    queryFn: ({ signal }) => take(api.GET("/api/computers/{id}", { params: { path: { id } }, signal })),
  });
