// A help desk of some size, for the pictures of Administration and Settings: people, a role, webhooks, tokens, logins, an hour of the server.
import { type APIRequestContext, expect, type Page } from '@playwright/test';
import { insert } from './sample.ts';
import type { Server } from './server.ts';

export const BOSS = { userName: 'noor', name: 'Noor Haddad', password: 'Quiet-lighthouse-42-ferry' };
const minute = 60_000_000;
const hour = 60 * minute;

/** Adds who administers; they log in before the rest is added. */
export function addBoss(server: Server): void {
  server.addAgent(BOSS.userName, BOSS.name, 'administrator', BOSS.password);
  server.sql(`UPDATE agent SET title = 'Head of support' WHERE user_name = 'noor';
    UPDATE agent SET user_name = 'erik', name = 'Erik Lindqvist', email = 'erik@example.com', title = 'Systems' WHERE user_name = 'admin'`);
}

const people = [
  { userName: 'tom', name: 'Tom Becker', title: 'Support engineer', seen: 12, factor: true },
  { userName: 'amara', name: 'Amara Okafor', title: 'Support engineer', seen: 3, factor: true },
  { userName: 'lucia', name: 'Lucía Fernández', title: 'Field service', seen: 60 * 26, factor: false },
  { userName: 'jonas', name: 'Jonas Weber', title: 'Trainee', seen: 60 * 24 * 9, factor: false },
];

/** As the one who is logged in: colleagues, one of them invited and one disabled, a role, webhooks with answers, tokens, other logins. */
export async function addAdministration(api: APIRequestContext, server: Server, now = Date.now() * 1000): Promise<void> {
  const post = async (path: string, data: object) => {
    const answer = await api.post(server.url + path, { data });
    expect(answer.ok(), `${path}: ${await answer.text()}`).toBe(true);
    return answer.json();
  };
  const role = await post('/api/roles', { name: 'Trainees', permissions: ['view', 'make-links', 'make-connection-ids', 'transfer'] });
  for (const { userName, name, title, seen, factor } of people) {
    await post('/api/agents', { userName, name, title, email: `${userName}@example.com`, role: title === 'Trainee' ? role.id : 'agent' });
    server.sql(`UPDATE agent SET last_seen_at = ${now - seen * minute} WHERE user_name = '${userName}'`);
    if (factor) server.sql(`INSERT INTO totp SELECT id, X'00', ${now - hour}, 0 FROM agent WHERE user_name = '${userName}'`);
  }
  server.sql(`UPDATE agent SET disabled = 1 WHERE user_name = 'jonas'`);
  await post('/api/agents', { userName: 'grace', name: 'Grace Lim', title: 'Support engineer', email: 'grace@example.com', invite: true });

  await post('/api/tokens', { name: 'Ticket system', scopes: ['sessions:read', 'logs:read'] });
  await post('/api/tokens', { name: 'Nightly report', scopes: ['logs:read'], expiresAt: new Date(now / 1000 + 90 * 86_400_000).toISOString() });
  const me = `(SELECT id FROM agent WHERE user_name = '${BOSS.userName}')`;
  const browsers = ['Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/19.0 Safari/605.1.15', 'Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:150.0) Gecko/20100101 Firefox/150.0'];
  for (const [i, browser] of browsers.entries()) {
    server.sql(insert('login', { id: `other${i}`, agent_id: 'ME', token_hash: `other ${i}`, created_at: now - (i + 1) * 26 * hour, last_seen_at: now - (i * 9 + 2) * hour, expires_at: now + 24 * hour, address: `203.0.113.${40 + i}`, user_agent: browser }).replace("'ME'", me));
  }
  addWebhooks(server, me, now);
}

function addWebhooks(server: Server, me: string, now: number): void {
  const hooks = [['https://tickets.example.com/hooks/deskhand', 'session.waiting session.ended'], ['https://chat.example.com/hooks/7f3k', 'session.waiting computer.offline']];
  let sequence = 100;
  for (const [i, [url, events]] of hooks.entries()) {
    server.sql(insert('webhook', { id: `hook${i}`, agent_id: 'ME', url, events, secret: 'c2VjcmV0', created_at: now - 40 * 24 * hour, disabled_at: 0, gave_up: 0, failing_since: 0 }).replace("'ME'", me));
    for (const [k, status] of [200, 200, 503].entries()) {
      const at = now - (k * 37 + 4) * minute;
      server.sql(insert('delivery', {
        sequence: sequence++, webhook_id: `hook${i}`, event_id: `event${sequence}`, event: k % 2 ? 'session.ended' : 'session.waiting', body: '{"event":"session.waiting"}', created_at: at,
        state: status === 200 ? 'delivered' : 'failed', due_at: 0, attempts: status === 200 ? 1 : 14, answered_at: at, status, microseconds: 84_000 + k * 31_000, answer: status === 200 ? 'ok' : 'Service unavailable',
      }));
    }
  }
}

/** Gives Server health the hour behind it that a server has which was not started a minute ago. */
export async function addHour(page: Page): Promise<void> {
  await page.route('**/api/health', async (route) => {
    const answer = await route.fetch();
    const health = await answer.json();
    const wave = (i: number, slow: number) => Math.sin(i / slow) + Math.sin(i / 11) / 3;
    health.samples = Array.from({ length: 720 }, (_, i) => ({
      at: new Date(Date.now() - (719 - i) * 5000).toISOString(), sessions: Math.round(14 + 5 * wave(i, 90)), viewers: Math.round(9 + 4 * wave(i, 70)), computers: Math.round(212 + 3 * wave(i, 200)),
      down: Math.round(2.4e6 + 1.1e6 * wave(i, 60)), up: Math.round(9e4 + 3e4 * wave(i, 45)), cpu: 0.22 + 0.08 * wave(i, 50), memory: Math.round(96e6 + 6e6 * wave(i, 180)),
    }));
    Object.assign(health, { startedAt: new Date(Date.now() - 12 * 86_400_000).toISOString(), computers: 240, online: 212, clients: 226, consoles: 11, sessions: { ready: 5, connected: 9 }, diskFree: 182e9, diskSize: 256e9 });
    Object.assign(health.database, { bytes: 84e6 });
    await route.fulfill({ response: answer, json: health });
  });
}
