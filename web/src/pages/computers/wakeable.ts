import type { Computer } from "../../api/computers";

const known = new WeakMap<readonly Computer[], ReadonlySet<string>>();

/** The offline computers that share a network with one that is online, by id: those that can be woken. Made once for a list, when it is first asked for. */
export function wakeableOf(computers: readonly Computer[]): ReadonlySet<string> {
  let wakeable = known.get(computers);
  if (!wakeable) {
    const awake = new Set(computers.flatMap((c) => (c.status === "offline" ? [] : c.sites)));
    wakeable = new Set(
      computers.filter((c) => c.status === "offline" && c.sites.some((site) => awake.has(site))).map((c) => c.id),
    );
    known.set(computers, wakeable);
  }
  return wakeable;
}
