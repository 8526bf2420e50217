import type { Computer, Group, Visibility } from "../../api/computers";
import { fold } from "../../i18n/fold";
import { compareNames } from "../../i18n/format";

/** The root of other agents' own computers, which administrators see: nothing is put there. */
export const OTHERS = "others";

/** The root under which a computer stands. */
export type RootOf = (computer: Computer) => string;

/** A place where computers stand: a root, or a group. */
export interface Place {
  /** The group's id; for a root its visibility, or OTHERS. */
  id: string;
  name: string;
  visibility: Visibility;
  /** Empty for a root. */
  groupId: string;
  parent?: Place;
  /** 0 for a root. */
  depth: number;
  children: Place[];
  /** How many computers stand in it and in its groups. */
  count: number;
}

const visibilityOf: RootOf = (computer) => computer.visibility;

/** The roots with all groups in them. A group whose parent is not there stands at its root. */
export function placesOf(
  groups: readonly Group[],
  computers: readonly Computer[],
  roots: readonly { id?: typeof OTHERS; visibility: Visibility; name: string }[],
  rootOf: RootOf = visibilityOf,
): Place[] {
  const byId = new Map<string, Place>();
  const tops = roots.map(({ visibility, name, id = visibility }) => {
    const root: Place = { id, name, visibility, groupId: "", depth: 0, children: [], count: 0 };
    byId.set(id, root);
    return root;
  });
  for (const g of groups)
    byId.set(g.id, {
      id: g.id,
      name: g.name,
      visibility: g.visibility,
      groupId: g.id,
      depth: 0,
      children: [],
      count: 0,
    });
  for (const g of groups) {
    const place = byId.get(g.id)!;
    place.parent = byId.get(g.parentId) ?? byId.get(g.visibility);
    place.parent?.children.push(place);
  }
  for (const c of computers) {
    let at = byId.get(c.groupId) ?? byId.get(rootOf(c));
    for (; at; at = at.parent) at.count += 1;
  }
  const settle = (place: Place, depth: number) => {
    place.depth = depth;
    place.children.sort((a, b) => compareNames(a.name, b.name));
    for (const child of place.children) settle(child, depth + 1);
  };
  for (const top of tops) settle(top, 0);
  return tops;
}

/** The places from the top downwards, without what stands in closed ones. */
export function visiblePlaces(roots: readonly Place[], closed: ReadonlySet<string>): Place[] {
  return roots.flatMap((place) => [place, ...(closed.has(place.id) ? [] : visiblePlaces(place.children, closed))]);
}

/** A place and all within it. */
export const within = (place: Place): Place[] => visiblePlaces([place], new Set());

export function findPlace(roots: readonly Place[], id: string): Place | undefined {
  return roots.flatMap(within).find((place) => place.id === id);
}

/** The names from the root down to a place. */
export function pathOf(place: Place): string[] {
  return [...(place.parent ? pathOf(place.parent) : []), place.name];
}

/** The computers that stand in a place or in its groups. */
export function computersIn(place: Place, computers: readonly Computer[], rootOf: RootOf = visibilityOf): Computer[] {
  const groups = new Set(within(place).map((one) => one.groupId));
  const root = place.depth === 0;
  return computers.filter((c) => (root ? rootOf(c) === place.id : c.groupId !== "" && groups.has(c.groupId)));
}

/** The folded names of the groups above a computer, by the id of its group: what a search looks in besides the computer. */
export function groupNames(roots: readonly Place[]): (groupId: string) => string {
  const names = new Map(
    roots.flatMap(within).map((place) => [place.groupId, place.groupId && fold(pathOf(place).slice(1).join("\n"))]),
  );
  return (groupId) => names.get(groupId) ?? "";
}

/** The places that stay in a search: those with a fitting name, those with a found computer, and all above them. */
export function searchPlaces(
  roots: readonly Place[],
  search: string,
  found: readonly Computer[],
  rootOf: RootOf = visibilityOf,
): Set<string> {
  const words = fold(search).split(/\s+/).filter(Boolean);
  const full = new Set(found.map((c) => (rootOf(c) === OTHERS ? OTHERS : c.groupId || c.visibility)));
  const kept = new Set<string>();
  for (const place of roots.flatMap(within)) {
    const name = fold(place.name);
    if (!full.has(place.id) && !words.every((word) => name.includes(word))) continue;
    for (let at: Place | undefined = place; at; at = at.parent) kept.add(at.id);
  }
  return kept;
}

/** Whether a group may be put into a place: of the same root, not into itself, and not where it is. */
export function mayHold(place: Place, group: Place): boolean {
  return (
    place.id !== OTHERS &&
    place.visibility === group.visibility &&
    place !== group.parent &&
    !within(group).includes(place)
  );
}

/** A root as a place to move to, where its groups do not matter. */
export const rootPlace = (visibility: Visibility): Place => ({
  id: visibility,
  name: "",
  visibility,
  groupId: "",
  depth: 0,
  children: [],
  count: 0,
});
