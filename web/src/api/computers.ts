import { queryOptions } from "@tanstack/react-query";
import { fold } from "../i18n/fold";
import { api, take } from "./client";
import type { Computer } from "./schema.gen";

export type { Computer };

/** The unattended computers that I see, by name. */
export const computersQuery = queryOptions({
  queryKey: ["computers"],
  queryFn: async ({ signal }) => (await take(api.GET("/api/computers", { signal }))).items,
  refetchInterval: 60_000,
});

/** Keeps what holds every word of the search, in any of the fields that a person would look for. */
export function searchComputers(computers: Computer[], search: string): Computer[] {
  const words = fold(search).split(/\s+/).filter(Boolean);
  if (words.length === 0) return computers;
  return computers.filter((c) => {
    const text = fold([c.name, c.userName, c.system, c.address, c.owner.name].join("\n"));
    return words.every((word) => text.includes(word));
  });
}
