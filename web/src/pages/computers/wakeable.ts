import type { Computer } from "../../api/computers";

/** The offline computers that share a network with one that is online, by id: those that can be woken. */
export function wakeableOf(computers: readonly Computer[]): ReadonlySet<string> {
  const awake = new Set(computers.flatMap((c) => (c.status === "offline" ? [] : c.sites)));
  return new Set(
    computers.filter((c) => c.status === "offline" && c.sites.some((site) => awake.has(site))).map((c) => c.id),
  );
}
