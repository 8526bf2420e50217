import { queryOptions } from "@tanstack/react-query";

/** What the login page shows before anybody has logged in. */
export interface Welcome {
  company: string;
}

/** GET /api/welcome; a server that does not answer it leaves the page with the product's name. */
export const welcomeQuery = queryOptions({
  queryKey: ["welcome"],
  queryFn: async ({ signal }): Promise<Welcome> => {
    const response = await fetch("/api/welcome", { signal });
    if (!response.ok) return { company: "" };
    return (await response.json()) as Welcome;
  },
  retry: false,
  staleTime: Number.POSITIVE_INFINITY,
});
