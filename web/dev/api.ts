import type { Problem, Token } from "../src/api/schema.gen";
import { computerRoutes } from "./computers.ts";
import { detailsOf, findLogs } from "./logs.ts";
import { operationsRoutes } from "./operations-api.ts";
import { peopleRoutes } from "./people.ts";
import { colleagues, type World } from "./seed.ts";

// The server's API over a made-up world, request by request: what page tests and `npm run dev` with DESKHAND_MOCK talk to.

/** Called with the topics that a request has changed. */
export type Changed = (topics: string[]) => void;

export interface MockApi {
  world: World;
  fetch(request: Request): Promise<Response>;
}

export const json = (body: unknown, status = 200) => Response.json(body, { status });
export const nothing = () => new Response(null, { status: 204 });

export function problem(status: number, code: string, detail: string, more: Partial<Problem> = {}): Response {
  return new Response(JSON.stringify({ status, code, detail, title: detail, ...more }), {
    status,
    headers: { "Content-Type": "application/problem+json" },
  });
}

export type Handler = (found: { path: RegExpMatchArray; url: URL; body: Record<string, string> }) => Response;

const wrongPassword = (field: string) => problem(422, "invalid", "The password is wrong.", { field });
const codes = Array.from({ length: 10 }, (_, i) => `k7m${(i + 2) % 10}-9fqx-abcd-efgh`);

export function mockApi(world: World, changed: Changed = () => {}): MockApi {
  const mock: MockApi = { world, fetch };
  let drawn = 0;
  let opened = 0;

  const session = (id: string) => mock.world.sessions.find((s) => s.id === id);
  const gone = () => problem(404, "not-found", "There is no such session.");

  const routes: [string, RegExp, Handler][] = [
    [
      "GET",
      /^\/api\/welcome$/,
      () => {
        const { logo, palette } = mock.world.branding;
        const { enabled, label } = mock.world.signOn;
        const signOn = enabled ? label : "";
        return json({ company: mock.world.me.company, logo, palette, resetByMail: true, passkeys: true, signOn });
      },
    ],
    [
      "POST",
      /^\/api\/login$/,
      ({ body }) => {
        if (body.password === "throttled") {
          return problem(429, "throttled", "Too many tries.", { retryAfter: 8 });
        }
        if (body.password !== "correct horse")
          return problem(401, "unauthorized", "The user name or the password is wrong.");
        if (mock.world.security.authenticator) {
          return json({
            step: { token: "half", expiresAt: new Date().toISOString(), code: true, recoveryCode: true },
          });
        }
        mock.world.loggedIn = true;
        return json({ me: mock.world.me });
      },
    ],
    [
      "POST",
      /^\/api\/login\/finish$/,
      ({ body }) => {
        if (body.code !== "123456" && body.recoveryCode !== codes[0]) {
          return problem(401, "unauthorized", "The code is wrong.", { field: "code" });
        }
        mock.world.loggedIn = true;
        return json({ me: mock.world.me });
      },
    ],
    ["POST", /^\/api\/password\/forgot$/, nothing],
    [
      "POST",
      /^\/api\/password\/reset\/check$/,
      ({ body }) =>
        body.token === "good"
          ? json({ userName: mock.world.me.userName, name: mock.world.me.name })
          : problem(404, "not-found", "This link has been used or is over."),
    ],
    ["POST", /^\/api\/password\/reset$/, nothing],
    [
      "POST",
      /^\/api\/password$/,
      ({ body }) => (body.current === "correct horse" ? nothing() : wrongPassword("current")),
    ],
    ["GET", /^\/api\/security$/, () => json(mock.world.security)],
    [
      "POST",
      /^\/api\/security\/authenticator$/,
      ({ body }) =>
        body.password === "correct horse"
          ? json({ key: "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ", uri: "otpauth://totp/Trotters:rodney?secret=GEZDGNBV" })
          : wrongPassword("password"),
    ],
    [
      "POST",
      /^\/api\/security\/authenticator\/confirm$/,
      ({ body }) => {
        if (body.code !== "123456") {
          return problem(422, "invalid", "This is not the app's code.", { field: "code" });
        }
        Object.assign(mock.world.security, { authenticator: true, recoveryCodes: codes.length });
        return json({ recoveryCodes: codes });
      },
    ],
    [
      "POST",
      /^\/api\/security\/authenticator\/remove$/,
      ({ body }) => {
        if (body.password !== "correct horse") return wrongPassword("password");
        Object.assign(mock.world.security, { authenticator: false, recoveryCodes: 0 });
        return nothing();
      },
    ],
    [
      "PATCH",
      /^\/api\/security\/passkeys\/([^/]+)$/,
      ({ path, body }) => {
        for (const one of mock.world.security.passkeys) if (one.id === path[1]) one.name = body.name!;
        return nothing();
      },
    ],
    ["GET", /^\/api\/logins$/, () => json({ items: mock.world.logins })],
    [
      "DELETE",
      /^\/api\/logins\/([^/]+)$/,
      ({ path }) => {
        mock.world.logins = mock.world.logins.filter((one) => one.id !== path[1]);
        return nothing();
      },
    ],
    [
      "POST",
      /^\/api\/logins\/end-others$/,
      () => {
        mock.world.logins = mock.world.logins.filter((one) => one.current);
        return nothing();
      },
    ],
    [
      "GET",
      /^\/api\/tokens$/,
      () =>
        json({
          items: mock.world.tokens,
          scopes: ["logs:read", "sessions:read", "sessions:write"],
          needsPassword: mock.world.oldLogin,
        }),
    ],
    [
      "POST",
      /^\/api\/tokens$/,
      ({ body }) => {
        if (body.password !== undefined ? body.password !== "correct horse" : mock.world.oldLogin)
          return wrongPassword("password");
        const { name, scopes, expiresAt } = body as unknown as Token;
        const token = { id: "token-new", name, scopes, createdAt: new Date().toISOString(), expiresAt };
        mock.world.tokens = [token, ...mock.world.tokens];
        return json({ secret: "dh_secret", token }, 201);
      },
    ],
    [
      "DELETE",
      /^\/api\/tokens\/([^/]+)$/,
      ({ path }) => {
        mock.world.tokens = mock.world.tokens.filter((one) => one.id !== path[1]);
        return nothing();
      },
    ],
    [
      "POST",
      /^\/api\/logout$/,
      () => {
        mock.world.loggedIn = false;
        return nothing();
      },
    ],
    ["GET", /^\/api\/me$/, () => json(mock.world.me)],
    [
      "PATCH",
      /^\/api\/me$/,
      ({ body }) => {
        if (body.email && !body.email.includes("@")) {
          return problem(422, "invalid", "This is not an e-mail address.", { field: "email" });
        }
        Object.assign(mock.world.me, body);
        return json(mock.world.me);
      },
    ],
    [
      "GET",
      /^\/api\/sessions$/,
      ({ url }) => {
        const all = url.searchParams.get("all") === "true";
        return json({ items: mock.world.sessions.filter((s) => all || s.mine) });
      },
    ],
    ["GET", /^\/api\/sessions\/([^/]+)$/, ({ path }) => (session(path[1]!) ? json(session(path[1]!)) : gone())],
    [
      "PATCH",
      /^\/api\/sessions\/([^/]+)$/,
      ({ path, body }) => {
        const found = session(path[1]!);
        if (!found) return gone();
        Object.assign(found, body);
        changed(["sessions"]);
        return json(found);
      },
    ],
    [
      "POST",
      /^\/api\/sessions\/([^/]+)\/end$/,
      ({ path }) => {
        mock.world.sessions = mock.world.sessions.filter((s) => s.id !== path[1]);
        changed(["sessions", "logs"]);
        return nothing();
      },
    ],
    [
      "POST",
      /^\/api\/sessions\/([^/]+)\/share$/,
      ({ path, body }) => {
        const found = session(path[1]!);
        if (!found) return gone();
        for (const one of found.line) one.sharing = one.participantId === body.participantId;
        changed(["sessions"]);
        return json(found);
      },
    ],
    [
      "POST",
      /^\/api\/sessions\/([^/]+)\/separate$/,
      ({ path, body }) => {
        const found = session(path[1]!);
        const one = found?.line.find((p) => p.participantId === body.participantId);
        if (!found || !one) return gone();
        found.line = found.line.filter((p) => p !== one);
        const { computer, userName, system, address } = one;
        const own = { ...found, id: `${found.id}-own`, computer, userName, system, address, viewers: [], line: [one] };
        one.sharing = true;
        mock.world.sessions.push(own);
        changed(["sessions"]);
        return json(own);
      },
    ],
    [
      "POST",
      /^\/api\/sessions\/([^/]+)\/(transfer|calls)$/,
      ({ path, body }) => {
        const found = session(path[1]!);
        const to = mock.world.colleagues.find((one) => one.id === body.agentId);
        if (!found || !to) return gone();
        if (path[2] === "calls") {
          mock.world.called.push(to.name);
          return nothing();
        }
        Object.assign(found, { owner: to, mine: false });
        changed(["sessions"]);
        return json(found);
      },
    ],
    ["GET", /^\/api\/colleagues$/, () => json({ items: mock.world.colleagues })],
    ["GET", /^\/api\/calls$/, () => json({ items: mock.world.calls })],
    [
      "DELETE",
      /^\/api\/calls\/([^/]+)$/,
      ({ path }) => {
        mock.world.calls = mock.world.calls.filter((call) => call.sessionId !== path[1]);
        return nothing();
      },
    ],
    [
      "POST",
      /^\/api\/invites\/mail$/,
      ({ body }) => {
        if (mock.world.refuseMail) return problem(422, "invalid", "This is not an e-mail address.", { field: "to" });
        mock.world.mails.push(body);
        return nothing();
      },
    ],
    [
      "POST",
      /^\/api\/(sessions|computers)\/([^/]+)\/viewers$/,
      ({ path }) =>
        json({
          viewerId: "viewer-new",
          sessionId: path[1] === "sessions" ? path[2] : "session-0",
          relayPath: "/api/relay",
          relayTicket: "ticket",
          unattended: path[1] === "computers",
          consentSeconds: 30,
          computerName: "RECEPTION-02",
        }),
    ],
    ["DELETE", /^\/api\/sessions\/([^/]+)\/viewers\/([^/]+)$/, nothing],
    [
      "POST",
      /^\/api\/(sessions|computers)\/([^/]+)\/prompts$/,
      ({ path, body }) =>
        json({
          viewerId: "viewer-new",
          sessionId: path[1] === "sessions" ? path[2] : "session-0",
          relayPath: "/api/relay",
          relayTicket: "ticket",
          unattended: path[1] === "computers",
          consentSeconds: 30,
          computerName: "RECEPTION-02",
          promptId: body.promptId ?? `prompt-${++opened}`,
        }),
    ],
    ["DELETE", /^\/api\/prompts\/([^/]+)$/, nothing],
    ["GET", /^\/api\/invites\/ids$/, () => json({ items: mock.world.ids })],
    [
      "POST",
      /^\/api\/invites\/ids$/,
      () => {
        drawn++;
        const now = Date.now();
        const made = {
          id: `id-${drawn}`,
          code: String((drawn * 123456) % 1_000_000).padStart(6, "0"),
          createdAt: new Date(now).toISOString(),
          expiresAt: new Date(now + 15 * 60_000).toISOString(),
        };
        mock.world.ids = [made, ...mock.world.ids];
        return json(made);
      },
    ],
    [
      "DELETE",
      /^\/api\/invites\/ids\/([^/]+)$/,
      ({ path }) => {
        mock.world.ids = mock.world.ids.filter((one) => one.id !== path[1]);
        return nothing();
      },
    ],
    [
      "POST",
      /^\/api\/invites\/short$/,
      () => {
        const expiresAt = new Date(Date.now() + 7 * 86_400_000).toISOString();
        return json({ id: "short-1", url: "https://support.example.com/s/Xk29vQpTz7", expiresAt });
      },
    ],
    ...peopleRoutes(() => mock.world, changed),
    ...computerRoutes(() => mock.world, changed),
    [
      "GET",
      /^\/api\/logs$/,
      ({ url }) => {
        const found = findLogs(mock.world.logs, url.searchParams);
        const from = Number(url.searchParams.get("cursor") ?? 0);
        const to = from + Number(url.searchParams.get("limit") ?? 50);
        const next = to < found.length ? { nextCursor: String(to) } : {};
        return json({ items: found.slice(from, to), ...next });
      },
    ],
    [
      "GET",
      /^\/api\/logs\/total$/,
      ({ url }) => {
        const { length } = findLogs(mock.world.logs, url.searchParams);
        return json({ total: Math.min(length, 10_000), more: length > 10_000 });
      },
    ],
    [
      "GET",
      /^\/api\/logs\/agents$/,
      () =>
        json({ items: colleagues.map((name, i) => ({ id: `agent-${i + 1}`, name, userName: name.split(" ")[0] })) }),
    ],
    [
      "GET",
      /^\/api\/logs\/([^/]+)$/,
      ({ path }) => {
        const row = mock.world.logs.find((one) => one.id === path[1]);
        return row ? json(detailsOf(row)) : gone();
      },
    ],
    [
      "GET",
      /^\/api\/logs\/([^/]+)\/prompts\/([^/]+)$/,
      () =>
        new Response(
          ["rodney@reception-01:~$ lpstat -p", "printer LaserJet-2 disabled", "rodney@reception-01:~$ exit"].join("\n"),
          { headers: { "Content-Type": "text/plain; charset=utf-8" } },
        ),
    ],
    [
      "PATCH",
      /^\/api\/logs\/([^/]+)$/,
      ({ path, body }) => {
        const row = mock.world.logs.find((one) => one.id === path[1]);
        if (!row) return gone();
        Object.assign(row, body);
        changed(["logs"]);
        return json(detailsOf(row));
      },
    ],
  ];
  routes.push(...operationsRoutes(mock, changed));
  const open =
    /^\/api\/(login|login\/finish|login\/passkey|login\/sign-on|login\/sign-on\/finish|welcome|invitation.*|password\/(forgot|reset|reset\/check))$/;

  async function fetch(request: Request): Promise<Response> {
    const url = new URL(request.url);
    if (!mock.world.loggedIn && !open.test(url.pathname)) return problem(401, "unauthorized", "You are not logged in.");
    const text = await request.text();
    const body = text.startsWith("{") ? JSON.parse(text) : {};
    for (const [method, pattern, handle] of routes) {
      const path = method === request.method && url.pathname.match(pattern);
      if (path) return handle({ path, url, body });
    }
    return problem(404, "not-found", "There is nothing at this address.");
  }

  return mock;
}
