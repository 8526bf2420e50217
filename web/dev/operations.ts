import type { AuditEvent, Branding, Delivery, Webhook } from "../src/api/schema.gen";

// The made-up help desk's branding, webhooks and audit log.

export interface Operations {
  branding: Branding;
  webhooks: Webhook[];
  deliveries: Delivery[];
  audit: AuditEvent[];
}

export function makeOperations(ago: (seconds: number) => string): Operations {
  return {
    branding: { company: "Trotters Independent IT", color: "", consentWords: "", logo: "" },
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

const verbs = ["agent.login", "session.start", "viewer.open", "session.end", "settings.branding"];

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
