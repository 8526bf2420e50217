import type { AgentRow, Role } from "../src/api/schema.gen";
import { type Changed, type Handler, json, nothing, problem } from "./api.ts";
import type { World } from "./seed.ts";

/** Agents, roles, policies and invitations over a made-up world. */
export function peopleRoutes(world: () => World, changed: Changed): [string, RegExp, Handler][] {
  const gone = () => problem(404, "not-found", "There is no such agent.");
  const invitation = () => ({
    url: "https://support.example.com/invitation#Xk29vQpTz7",
    expiresAt: new Date(Date.now() + 72 * 3_600_000).toISOString(),
    mailed: false,
  });
  const setDisabled =
    (disabled: boolean): Handler =>
    ({ body }) => {
      const ids = body.ids as unknown as string[];
      for (const agent of world().agents) if (ids.includes(agent.id)) agent.state = disabled ? "disabled" : "active";
      changed(["agents"]);
      return nothing();
    };
  return [
    ["GET", /^\/api\/agents$/, () => json({ items: world().agents })],
    [
      "POST",
      /^\/api\/agents$/,
      ({ body }) => {
        if (world().agents.some((one) => one.userName === body.userName)) {
          return problem(409, "conflict", `The user name ${body.userName} is taken.`, { field: "userName" });
        }
        const agent: AgentRow = {
          id: `agent-${world().agents.length + 1}`,
          userName: body.userName!,
          name: body.name || body.userName!,
          email: body.email ?? "",
          title: body.title ?? "",
          role: body.role ?? "agent",
          roleName: world().roles.find((role) => role.id === body.role)?.name ?? "",
          state: body.invite ? "invited" : "active",
          ...(body.invite ? { invitedUntil: invitation().expiresAt } : {}),
          logins: 0,
          secondFactor: false,
          signOn: false,
          createdAt: new Date().toISOString(),
          mightier: false,
        };
        world().agents = [...world().agents, agent];
        return json({ agent, ...(body.invite ? { invitation: invitation() } : { password: "k7m2-9fqx-ab3d" }) }, 201);
      },
    ],
    ["POST", /^\/api\/agents\/disable$/, setDisabled(true)],
    ["POST", /^\/api\/agents\/enable$/, setDisabled(false)],
    ["POST", /^\/api\/agents\/([^/]+)\/invitation$/, () => json(invitation(), 201)],
    [
      "POST",
      /^\/api\/agents\/([^/]+)\/reset-link$/,
      () => json({ ...invitation(), url: "https://support.example.com/reset#b7Qw" }),
    ],
    [
      "POST",
      /^\/api\/agents\/([^/]+)\/unlink$/,
      ({ path }) => {
        for (const agent of world().agents) if (agent.id === path[1]) agent.signOn = false;
        return nothing();
      },
    ],
    [
      "POST",
      /^\/api\/agents\/([^/]+)\/reset-second-factor$/,
      ({ path }) => {
        for (const agent of world().agents) if (agent.id === path[1]) agent.secondFactor = false;
        return nothing();
      },
    ],
    [
      "PATCH",
      /^\/api\/agents\/([^/]+)$/,
      ({ path, body }) => {
        const found = world().agents.find((one) => one.id === path[1]);
        if (!found) return gone();
        if (body.email && !body.email.includes("@")) {
          return problem(422, "invalid", "This is not an e-mail address.", { field: "email" });
        }
        Object.assign(found, body);
        return json(found);
      },
    ],
    ["GET", /^\/api\/roles$/, () => json({ items: world().roles })],
    [
      "POST",
      /^\/api\/roles$/,
      ({ body }) => {
        const role = { ...body, id: `role-${world().roles.length}`, agents: 0, mightier: false } as unknown as Role;
        world().roles = [...world().roles, role];
        return json(role, 201);
      },
    ],
    [
      "PUT",
      /^\/api\/roles\/([^/]+)$/,
      ({ path, body }) => {
        const found = world().roles.find((one) => one.id === path[1]);
        return found ? json(Object.assign(found, body)) : gone();
      },
    ],
    [
      "DELETE",
      /^\/api\/roles\/([^/]+)$/,
      ({ path }) => {
        world().roles = world().roles.filter((one) => one.id !== path[1]);
        return nothing();
      },
    ],
    ["GET", /^\/api\/policy$/, () => json(world().policy)],
    ["PATCH", /^\/api\/policy$/, ({ body }) => json(Object.assign(world().policy, body))],
    [
      "POST",
      /^\/api\/invitation$/,
      ({ body }) =>
        body.token === "over"
          ? problem(404, "not-found", "This invitation was used already, or its time is over.")
          : json({ userName: "jo", name: "Jo Lindqvist", company: world().me.company }),
    ],
    [
      "POST",
      /^\/api\/invitation\/accept$/,
      ({ body }) =>
        body.password!.length < 10
          ? problem(422, "invalid", "The password is too short.", { field: "password" })
          : nothing(),
    ],
  ];
}
