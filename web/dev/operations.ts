import type { AuditEvent, Branding, Delivery, Health, SignOn, Webhook } from "../src/api/schema.gen";

// The made-up help desk's branding, webhooks and audit log.

export interface Operations {
  branding: Branding;
  signOn: SignOn;
  webhooks: Webhook[];
  deliveries: Delivery[];
  audit: AuditEvent[];
}

export function makeOperations(ago: (seconds: number) => string): Operations {
  return {
    branding: { company: "Trotters Independent IT", color: "", consentWords: "", logo: "" },
    signOn: {
      enabled: false,
      issuer: "",
      clientId: "",
      label: "",
      findByEmail: true,
      create: false,
      role: "agent",
      secondFactor: false,
      hasSecret: false,
      redirectUrl: "https://support.example.com/login/oidc/callback",
    },
    webhooks: [],
    deliveries: [makeDelivery(2, "failed", ago), makeDelivery(1, "delivered", ago)],
    audit: Array.from({ length: 12 }, (_, i) => makeEvent(12 - i, ago)),
  };
}

export function makeWebhook(change: Partial<Webhook> = {}): Webhook {
  return {
    id: "webhook-1",
    url: "https://tickets.example.com/deskhand",
    events: ["session.waiting", "session.ended"],
    addedBy: "Rodney Trotter",
    createdAt: "2026-03-01T09:00:00Z",
    enabled: true,
    gaveUp: false,
    waiting: 0,
    ...change,
  };
}

function makeDelivery(id: number, state: Delivery["state"], ago: (seconds: number) => string): Delivery {
  return {
    id,
    eventId: `evt_${id}`,
    event: "session.waiting",
    body: '{"event":"session.waiting"}',
    createdAt: ago(600 * id),
    state,
    attempts: 1,
    answeredAt: ago(600 * id),
    status: state === "delivered" ? 200 : 500,
    milliseconds: 42,
    answer: state === "delivered" ? "thank you" : "out of order",
  };
}

const verbs = ["agent.login", "session.start", "viewer.open", "session.end", "settings.branding", "later.verb"];

function makeEvent(sequence: number, ago: (seconds: number) => string): AuditEvent {
  const server = sequence % 4 === 0;
  return {
    sequence,
    at: ago((13 - sequence) * 700),
    agentId: server ? "" : "agent-1",
    actor: server ? "server" : "rodney",
    address: server ? "" : "192.0.2.7",
    verb: verbs[sequence % verbs.length]!,
    subject: `subject-${sequence}`,
    detail: { reason: "ended-by-agent" },
    removed: false,
    hash: "00",
  };
}

/** A server that is well, but sends no mails. */
export function makeHealth(now: number): Health {
  return {
    version: "1.0.0",
    startedAt: new Date(now - 3 * 86_400_000).toISOString(),
    database: { kind: "SQLite", bytes: 48_300_000, milliseconds: 0.4 },
    bus: "inside",
    sessions: { ready: 3, connected: 2 },
    viewers: 2,
    computers: 40,
    online: 31,
    clients: 36,
    consoles: 4,
    cores: 2,
    diskFree: 61_000_000_000,
    diskSize: 100_000_000_000,
    programs: [
      { version: "1.0.0", release: 812, computers: 36 },
      { version: "0.9.4", release: 790, computers: 3 },
      { version: "0.9.1", release: 0, computers: 1 },
    ],
    updates: { version: "1.0.0", release: 812, waiting: 2, takenBack: 1, never: 1 },
    certificate: new Date(now + 60 * 86_400_000).toISOString(),
    warnings: [{ code: "no-mail" }],
    samples: Array.from({ length: 360 }, (_, i) => ({
      at: new Date(now - (359 - i) * 5000).toISOString(),
      sessions: 3 + (Math.floor(i / 40) % 4),
      viewers: Math.floor(i / 60) % 3,
      computers: 30 + (Math.floor(i / 90) % 3),
      down: 40_000 + 30_000 * Math.sin(i / 20),
      up: 900,
      cpu: 0.2 + 0.1 * Math.sin(i / 15),
      memory: 84_000_000 + i * 20_000,
      goroutines: 120,
    })),
  };
}
