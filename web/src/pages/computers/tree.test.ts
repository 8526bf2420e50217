import { expect, test } from "vitest";
import type { Computer, Group } from "../../api/computers";
import { searchComputers } from "./search";
import { computersIn, findPlace, groupNames, mayHold, pathOf, placesOf, searchPlaces, visiblePlaces } from "./tree";

const roots = [
  { visibility: "me", name: "My computers" },
  { visibility: "everyone", name: "Team computers" },
] as const;
const group = (id: string, parentId = "", visibility: Group["visibility"] = "everyone"): Group => ({
  id,
  parentId,
  name: id,
  visibility,
});
const computer = (name: string, groupId = "", visibility: Computer["visibility"] = "everyone"): Computer => ({
  id: name,
  name,
  groupId,
  visibility,
  userName: "",
  system: "",
  address: "",
  owner: { id: "1", name: "Ada" },
  note: "",
  tags: [],
  prompts: false,
  status: "offline",
  sites: [],
  lastSeenAt: "",
  createdAt: "",
});
const groups = [group("Floor 10", "Berlin"), group("Berlin"), group("Floor 2", "Berlin"), group("Home", "", "me")];
const computers = [
  computer("till", "Floor 2"),
  computer("door", "Berlin"),
  computer("desk", "", "me"),
  computer("lost", "gone"),
];
const places = () => placesOf(groups, computers, roots);
const names = (closed: string[] = []) =>
  visiblePlaces(places(), new Set(closed)).map((p) => `${p.depth}${p.name} ${p.count}`);

test("groups stand below their parents, in the order of their names, with the number of computers in all of it", () => {
  expect(names()).toEqual([
    "0My computers 1",
    "1Home 0",
    "0Team computers 3",
    "1Berlin 2",
    "2Floor 2 1",
    "2Floor 10 0",
  ]);
  expect(names(["Berlin", "me"])).toEqual(["0My computers 1", "0Team computers 3", "1Berlin 2"]);
});

test("a place has the computers of its groups, too; one whose group is gone is at the root", () => {
  const berlin = findPlace(places(), "Berlin")!;
  expect(computersIn(berlin, computers).map((c) => c.name)).toEqual(["till", "door"]);
  expect(computersIn(places()[1]!, computers).map((c) => c.name)).toEqual(["till", "door", "lost"]);
  expect(pathOf(findPlace(places(), "Floor 2")!)).toEqual(["Team computers", "Berlin", "Floor 2"]);
});

test("a search finds computers by their groups' names and keeps the places that have some", () => {
  const found = searchComputers(computers, "berlin til", groupNames(places()));
  expect(found.map((c) => c.name)).toEqual(["till"]);
  expect([...searchPlaces(places(), "till", found)].sort()).toEqual(["Berlin", "Floor 2", "everyone"]);
  expect([...searchPlaces(places(), "floor 10", [])].sort()).toEqual(["Berlin", "Floor 10", "everyone"]);
});

test("a group moves within its root, not into itself", () => {
  const [mine, team] = places();
  const all = visiblePlaces([mine!, team!], new Set());
  const holders = (name: string) => {
    const moved = all.find((p) => p.name === name)!;
    return all.filter((p) => mayHold(p, moved)).map((p) => p.name);
  };
  expect(holders("Berlin")).toEqual([]);
  expect(holders("Floor 2")).toEqual(["Team computers", "Floor 10"]);
  expect(holders("Home")).toEqual([]);
});

test("searching 10 000 computers again and again reads each of them once", () => {
  let read = 0;
  const many = Array.from({ length: 10_000 }, (_, i) => {
    const one = computer(`PC-${i}`);
    return Object.defineProperty(one, "userName", {
      get: () => {
        read += 1;
        return "kim";
      },
    });
  });
  for (const search of ["p", "pc", "pc-", "pc-99", "pc-999"]) searchComputers(many, search);
  expect(searchComputers(many, "kim 9999")).toHaveLength(1);
  expect(read).toBe(10_000);
});
