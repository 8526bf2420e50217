import { type Changed, type Handler, type MockApi, problem } from "./api.ts";
import { makeHealth, makeWebhook } from "./operations.ts";

const json = (body: unknown, status = 200) => Response.json(body, { status });
const nothing = () => new Response(null, { status: 204 });

/** The routes of branding, webhooks and the audit log. */
export function operationsRoutes(mock: MockApi, changed: Changed): [string, RegExp, Handler][] {
  const find = (id: string) => mock.world.webhooks.find((w) => w.id === id);
  const shades = {
    accent: "#7a5f00",
    fill: "#ffcc00",
    fillHover: "#ffd324",
    onFill: "#000000",
    soft: "#fff9e0",
    softHover: "#fff5cc",
    onSoft: "#7a5f00",
  };
  const palette = { light: shades, dark: shades, adjustedLight: true, adjustedDark: false };
  return [
    ["GET", /^\/api\/health$/, () => json(makeHealth(Date.now()))],
    ["GET", /^\/api\/sign-on$/, () => json(mock.world.signOn)],
    [
      "PUT",
      /^\/api\/sign-on$/,
      ({ body }) => {
        const { clientSecret, ...settings } = body;
        if (!settings.label) return problem(422, "invalid", "The provider has no name.", { field: "label" });
        Object.assign(mock.world.signOn, settings, clientSecret ? { hasSecret: true } : {});
        return json(mock.world.signOn);
      },
    ],
    [
      "POST",
      /^\/api\/sign-on\/test$/,
      ({ body }) =>
        body.issuer === "https://login.example.com"
          ? json({ refused: body.clientSecret === "wrong", pkce: true })
          : problem(503, "unavailable", "The provider's host name is not known: x.", { field: "issuer" }),
    ],
    [
      "POST",
      /^\/api\/login\/sign-on$/,
      () =>
        mock.world.signOn.enabled
          ? json({ url: "https://login.example.com/authorize?state=abc" })
          : problem(403, "forbidden", "Logging in by another service is switched off.", { field: "off" }),
    ],
    [
      "POST",
      /^\/api\/login\/sign-on\/finish$/,
      ({ body }) => {
        if (body.error) return problem(403, "forbidden", "Example ID did not let you in.", { field: "denied" });
        if (body.code === "stranger") {
          return problem(403, "forbidden", "There is no agent here for your account.", { field: "unknown" });
        }
        const back = "/computers";
        if (mock.world.security.authenticator) {
          const expiresAt = new Date().toISOString();
          return json({ step: { token: "half", expiresAt, code: true, recoveryCode: true }, return: back });
        }
        mock.world.loggedIn = true;
        return json({ me: mock.world.me, return: back });
      },
    ],
    [
      "POST",
      /^\/api\/security\/sign-on\/unlink$/,
      ({ body }) => {
        if (body.password !== "correct horse") {
          return problem(422, "invalid", "The password is wrong.", { field: "password" });
        }
        delete mock.world.security.signOn;
        return nothing();
      },
    ],
    ["GET", /^\/api\/branding$/, () => json(mock.world.branding)],
    [
      "PATCH",
      /^\/api\/branding$/,
      ({ body }) => {
        Object.assign(mock.world.branding, body);
        mock.world.me.company = mock.world.branding.company;
        changed(["settings"]);
        return json(mock.world.branding);
      },
    ],
    [
      "PUT",
      /^\/api\/branding\/logo$/,
      () => {
        mock.world.branding.logo = "/api/welcome/logo.png?v=1";
        return json(mock.world.branding);
      },
    ],
    [
      "DELETE",
      /^\/api\/branding\/logo$/,
      () => {
        mock.world.branding.logo = "";
        return nothing();
      },
    ],
    ["GET", /^\/api\/branding\/palette$/, () => json(palette)],
    ["GET", /^\/api\/webhooks$/, () => json({ items: mock.world.webhooks })],
    [
      "POST",
      /^\/api\/webhooks$/,
      ({ body }) => {
        if (!body.url?.startsWith("https://")) {
          return problem(422, "invalid", "Events are only sent encrypted.", { field: "url" });
        }
        const made = makeWebhook({ ...(body as object), id: `webhook-${mock.world.webhooks.length + 1}` });
        mock.world.webhooks.push(made);
        return json({ ...made, secret: "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw" });
      },
    ],
    [
      "PATCH",
      /^\/api\/webhooks\/([^/]+)$/,
      ({ path, body }) => {
        const found = find(path[1]!);
        if (!found) return problem(404, "not-found", "There is no such webhook.");
        Object.assign(found, body, { gaveUp: false });
        return json(found);
      },
    ],
    [
      "DELETE",
      /^\/api\/webhooks\/([^/]+)$/,
      ({ path }) => {
        mock.world.webhooks = mock.world.webhooks.filter((w) => w.id !== path[1]);
        return nothing();
      },
    ],
    ["POST", /^\/api\/webhooks\/[^/]+\/secret$/, () => json({ ...makeWebhook(), secret: "whsec_another" })],
    ["POST", /^\/api\/webhooks\/[^/]+\/test$/, nothing],
    ["GET", /^\/api\/webhooks\/[^/]+\/deliveries$/, () => json({ items: mock.world.deliveries })],
    ["POST", /^\/api\/webhooks\/[^/]+\/deliveries\/\d+\/again$/, nothing],
    [
      "GET",
      /^\/api\/audit$/,
      ({ url }) => {
        const verb = url.searchParams.get("verb");
        const agent = url.searchParams.get("agent");
        return json({
          items: mock.world.audit.filter((e) => (!verb || e.verb === verb) && (!agent || e.agentId === agent)),
        });
      },
    ],
    [
      "GET",
      /^\/api\/audit\/agents$/,
      () => json({ items: [{ id: "agent-1", name: "Rodney Trotter", userName: "rodney" }] }),
    ],
    ["GET", /^\/api\/audit\/verbs$/, () => json({ items: [...new Set(mock.world.audit.map((e) => e.verb))].sort() })],
    [
      "POST",
      /^\/api\/audit\/verify$/,
      () => json({ whole: true, events: 12, withoutDetail: 1, last: 12, head: `12:${"ab".repeat(32)}`, faults: [] }),
    ],
  ];
}
