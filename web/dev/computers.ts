import type { Computer, ComputerInDetail, Download, Group, UnattendedLink } from "../src/api/schema.gen";
import { type Changed, type Handler, json, nothing, problem } from "./api.ts";
import type { World } from "./seed.ts";

const downloads: Download[] = [
  {
    system: "windows",
    arch: "amd64",
    url: "https://support.example.com/download/windows-amd64/RemoteSupport_support.example.com_443_0.exe",
    size: 21_482_496,
    sha256: "9f2c51d7a04be3681c7fd0e5b2948a63f17c0d5e8a4b9236dc01e7f5a8b3649c",
  },
  {
    system: "linux",
    arch: "arm64",
    url: "https://support.example.com/download/linux-arm64/RemoteSupport_support.example.com_443_0.tar.gz",
    size: 12_907_311,
    sha256: "04d1b6e82f97c3a5508ef4126dc7b39a91e05f8827ac4db6e3170b5c92fd84a1",
  },
];

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
    [
      "GET",
      /^\/api\/computers$/,
      ({ url }) => {
        const ids = url.searchParams.getAll("id");
        return json({ items: world().computers.filter((c) => ids.length === 0 || ids.includes(c.id)) });
      },
    ],
    ...linkRoutes(world, changed),
    ["GET", /^\/api\/downloads$/, () => json({ items: downloads })],
    [
      "GET",
      /^\/api\/computers\/([^/]+)$/,
      ({ path }) => {
        const computer = world().computers.find((c) => c.id === path[1]);
        return computer ? json(inDetail(computer, world())) : problem(404, "not-found", "There is no such computer.");
      },
    ],
    [
      "POST",
      /^\/api\/computers\/([^/]+)\/wake$/,
      ({ path }) => {
        const waker = wakerOf(world().computers.find((c) => c.id === path[1])!, world());
        if (!waker) return problem(503, "offline", "No computer in its network is online.");
        world().computers = world().computers.map((c) => (c.id === path[1] ? { ...c, status: "online" } : c));
        return told(json({ name: waker }));
      },
    ],
    [
      "PATCH",
      /^\/api\/computers\/([^/]+)$/,
      ({ path, body }) => {
        const { ownerId, ...change } = body;
        const owner = ownerId && {
          owner: { id: ownerId, name: world().agents.find((a) => a.id === ownerId)?.name ?? "" },
        };
        world().computers = world().computers.map((c) => (c.id === path[1] ? { ...c, ...change, ...owner } : c));
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

/** Links that add a computer. */
function linkRoutes(world: () => World, changed: Changed): [string, RegExp, Handler][] {
  let made = 0;
  return [
    ["GET", /^\/api\/computers\/links$/, () => json({ items: world().links })],
    [
      "POST",
      /^\/api\/computers\/links$/,
      ({ body }) => {
        const minutes = body.kind === "own" ? 15 : 48 * 60;
        const link: UnattendedLink = {
          id: `link-${++made}`,
          name: body.name ?? "",
          createdAt: new Date().toISOString(),
          expiresAt: new Date(Date.now() + minutes * 60_000).toISOString(),
        };
        if (body.kind === "end-user") world().links = [link, ...world().links];
        changed(["invites"]);
        const code = `u0123456789abcdefghjkmnpq${made}`;
        return json({ ...link, code, url: `https://support.example.com/unattended/${code}` });
      },
    ],
    [
      "POST",
      /^\/api\/computers\/links\/mail$/,
      ({ body }) => {
        if (world().refuseMail) return problem(422, "invalid", "This is not an e-mail address.", { field: "to" });
        world().mails.push(body);
        return nothing();
      },
    ],
    [
      "DELETE",
      /^\/api\/computers\/links\/([^/]+)$/,
      ({ path }) => {
        world().links = world().links.filter((one) => one.id !== path[1]);
        changed(["invites"]);
        return nothing();
      },
    ],
  ];
}

function wakerOf(computer: Computer, world: World): string {
  const near = world.computers.find((c) => c.status !== "offline" && c.sites.some((s) => computer.sites.includes(s)));
  return (computer.status === "offline" && near?.name) || "";
}

/** Every fifth computer has said nothing of itself yet. */
function inDetail(computer: Computer, world: World): ComputerInDetail {
  const n = Number(computer.id.replace(/\D/g, ""));
  const inventory = {
    at: computer.lastSeenAt,
    system: computer.system,
    kernel: "6.12.48-amd64",
    arch: "amd64",
    model: "Lenovo ThinkCentre M70q Gen 5",
    processor: "Intel(R) Core(TM) i5-14400T",
    cores: 16,
    memory: 16_507_334_656,
    bootedAt: new Date(Date.parse(computer.lastSeenAt) - 400_000_000).toISOString(),
    clientVersion: "1.0.0",
    disks: [
      { mount: "/", device: "/dev/nvme0n1p2", format: "ext4", size: 502_392_610_816, free: 301_120_000_000 },
      { mount: "/srv/archive", device: "/dev/sda1", format: "xfs", size: 2_000_398_934_016, free: 90_100_000_000 },
    ],
    networks: [
      {
        name: "eno1",
        mac: `00:00:5e:00:53:${(n % 256).toString(16).padStart(2, "0")}`,
        addresses: [`${computer.address}/24`, "2001:db8:4f2:1::a9/64"],
      },
    ],
    users: [{ name: computer.userName, place: ":0", since: computer.createdAt }],
  };
  return { computer, waker: wakerOf(computer, world), ...(n % 5 === 4 ? {} : { inventory }) };
}
