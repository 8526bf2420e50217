import type { Group } from "../src/api/schema.gen";
import { type Changed, type Handler, json, nothing, problem } from "./api.ts";
import type { World } from "./seed.ts";

/** Unattended computers and their groups over a made-up world. */
export function computerRoutes(world: () => World, changed: Changed): [string, RegExp, Handler][] {
  const told = (answer: Response) => {
    changed(["computers"]);
    return answer;
  };
  const taken = (group: Partial<Group>, id = "") =>
    world().groups.some((g) => g.id !== id && g.parentId === group.parentId && g.name === group.name);
  const conflict = () => problem(409, "conflict", "There is a group with this name already.");
  return [
    ["GET", /^\/api\/computers$/, () => json({ items: world().computers })],
    [
      "PATCH",
      /^\/api\/computers\/([^/]+)$/,
      ({ path, body }) => {
        const { ownerId, ...change } = body;
        world().computers = world().computers.map((c) => (c.id === path[1] ? { ...c, ...change } : c));
        return told(json(world().computers.find((c) => c.id === path[1])));
      },
    ],
    [
      "DELETE",
      /^\/api\/computers\/([^/]+)$/,
      ({ path }) => {
        world().computers = world().computers.filter((c) => c.id !== path[1]);
        return told(nothing());
      },
    ],
    [
      "POST",
      /^\/api\/computers\/move$/,
      ({ body }) => {
        const ids = body.ids as unknown as string[];
        const place = { groupId: body.groupId ?? "", visibility: body.visibility as "me" };
        world().computers = world().computers.map((c) => (ids.includes(c.id) ? { ...c, ...place } : c));
        return told(nothing());
      },
    ],
    ["GET", /^\/api\/groups$/, () => json({ items: world().groups })],
    [
      "POST",
      /^\/api\/groups$/,
      ({ body }) => {
        const { groups } = world();
        const group = { id: `group-${groups.length + 1}`, parentId: "", ...body } as Group;
        if (taken(group)) return conflict();
        world().groups = [...groups, group];
        return told(json(group, 201));
      },
    ],
    [
      "PATCH",
      /^\/api\/groups\/([^/]+)$/,
      ({ path, body }) => {
        const was = world().groups.find((g) => g.id === path[1]);
        if (taken({ ...was, ...body }, path[1])) return conflict();
        world().groups = world().groups.map((g) => (g === was ? { ...g, ...body } : g));
        return told(json({ ...was, ...body }));
      },
    ],
    [
      "DELETE",
      /^\/api\/groups\/([^/]+)$/,
      ({ path }) => {
        const up = world().groups.find((g) => g.id === path[1])?.parentId ?? "";
        const moved = world().groups.filter((g) => g.id !== path[1]);
        world().groups = moved.map((g) => (g.parentId === path[1] ? { ...g, parentId: up } : g));
        world().computers = world().computers.map((c) => (c.groupId === path[1] ? { ...c, groupId: up } : c));
        return told(nothing());
      },
    ],
  ];
}
