// A help desk's ordinary day, written into a running server's data: for pictures, not for tests.
import type { Server } from './server.ts';

const minute = 60_000_000; // the database counts microseconds
const quote = (v: string | number) => (typeof v === 'number' ? String(v) : `'${v.replaceAll("'", "''")}'`);
export const insert = (table: string, row: Record<string, string | number>) =>
  `INSERT INTO ${table} (${Object.keys(row).join(', ')}) VALUES (${Object.values(row).map(quote).join(', ')});`;

const people = [
  { name: 'A. Martin', user: 'anne.martin', computer: 'RECEPTION-02', system: 'Debian GNU/Linux 13', address: '203.0.113.24' },
  { name: 'Jörg Weidenhöfer', user: 'j.weidenhoefer', computer: 'BUCHHALTUNG-1', system: 'Ubuntu 26.04 LTS', address: '198.51.100.7' },
  { name: 'Mei Tanaka', user: 'mei', computer: 'tanaka-laptop', system: 'Fedora Linux 44', address: '203.0.113.80' },
  { name: '', user: 'warehouse', computer: 'WAREHOUSE-PC3', system: 'Debian GNU/Linux 12', address: '192.0.2.51' },
];

/** Names the company and what the agent is there, and adds a colleague. */
export function addCompany(server: Server): void {
  server.addAgent('ines', 'Inês Duarte', 'agent', 'Correct-horse-8-battery');
  server.sql(`INSERT INTO setting VALUES ('company', CAST('Example IT' AS BLOB)) ON CONFLICT DO NOTHING; UPDATE agent SET title = 'Support engineer';`);
}

/** Gives the one real session a person. */
export function nameSession(server: Server): void {
  const { user, computer, system, address } = people[0];
  for (const table of ['session', 'participant']) {
    server.sql(`UPDATE ${table} SET user_name = '${user}', computer = '${computer}', system = '${system}', address = '${address}', elevated = 0`);
  }
}

/** Three more sessions, one of them a colleague's help on it, one with somebody in line. */
export function addSessions(server: Server, now = Date.now() * 1000): void {
  const agent = (name: string) => `(SELECT id FROM agent WHERE user_name = '${name}')`;
  const states = ['', 'connected', 'ready', 'reconnecting'];
  for (const [i, p] of people.entries()) {
    if (i === 0) continue;
    const at = now - i * 4 * minute;
    const place = { computer: p.computer, user_name: p.user, system: p.system, address: p.address, elevated: i % 2, displays: 1 + (i % 2) };
    server.sql(insert('session', {
      ...place, id: `s${i}`, type: 'attended', state: states[i], since: at, owner_id: 'OWNER', invite_id: '', computer_id: '', ticket: i === 3 ? '' : String(4711 + i),
      end_user_name: p.name, created_at: at, ready_at: at, connected_at: 0, ended_at: 0, consent: 'not-asked', end_reason: '', ended_by: '', note: i === 2 ? 'Printer again, second call today' : '',
    }).replace("'OWNER'", agent('rodney')));
    for (const line of i === 2 ? [0, 1] : [0]) {
      server.sql(insert('participant', {
        ...place, computer: line ? 'tanaka-desktop' : p.computer, id: `p${i}${line}`, session_id: `s${i}`, position: 900 + i * 2 + line, secret_hash: '', sharing: line ? 0 : 1,
        online: i === 3 ? 0 : 1, epoch: 1, network: p.address, language: 'en', joined_at: at, seen_at: now, left_at: 0,
      }));
    }
  }
  server.sql(insert('viewer', { id: 'v1', session_id: 's1', agent_id: 'AGENT', address: '192.0.2.9', level: 'control', state: 'watching', since: now, opened_at: now, closed_at: 0, reason: '', bytes_down: 0, bytes_up: 0 })
    .replace("'AGENT'", agent('ines')));
}

/** Computers that are off just now, beside the real one. */
export function addComputers(server: Server, now = Date.now() * 1000): void {
  server.sql(`UPDATE computer SET name = 'BACKOFFICE-01', user_name = 'rodney', system = 'Debian GNU/Linux 13', address = '192.0.2.10'`);
  for (const [i, [name, user, system]] of [
    ['CASH-DESK-1', 'cashier', 'Ubuntu 26.04 LTS'], ['CASH-DESK-2', 'cashier', 'Ubuntu 26.04 LTS'], ['SHOWROOM', 'kiosk', 'Debian GNU/Linux 12'],
    ['MEETING-ROOM-3', '', 'Fedora Linux 44'], ['WORKSHOP', 'werkstatt', 'Debian GNU/Linux 13'],
  ].entries()) {
    server.sql(insert('computer', {
      id: `c${i}`, owner_id: 'OWNER', name, user_name: user, system, address: `192.0.2.${20 + i}`, public_key: `key ${i}`, visibility: 'me', online: i < 2 ? 1 : 0, epoch: 1,
      created_at: now, last_seen_at: now - i * i * 60 * minute, removed_at: 0,
    }).replace("'OWNER'", "(SELECT id FROM agent WHERE user_name = 'rodney')"));
  }
}

/** A few weeks of ended sessions. */
export function addLogs(server: Server, count = 40, now = Date.now() * 1000): void {
  const ends = [['control', 'ended-by-agent', 'Rodney Example'], ['control', 'ended-by-end-user', 'end-user'], ['view', 'ended-by-agent', 'Rodney Example'], ['denied', 'denied', 'end-user'],
    ['control', 'ended-by-end-user', 'end-user'], ['unanswered', 'unanswered', 'server'], ['not-asked', 'never-connected', 'server']];
  const all: string[] = [];
  for (let i = 0; i < count; i++) {
    const p = people[(i * 7) % people.length];
    const [consent, reason, by] = ends[(i * 5) % ends.length];
    const end = now - (i * i * 11 + 18) * minute;
    const connected = consent === 'control' || consent === 'view';
    const begin = end - (4 + ((i * 13) % 41)) * minute - i * 1_700_000;
    all.push(
      insert('session', {
        id: `l${count}-${i}`, type: 'attended', state: 'ended', since: end, owner_id: 'OWNER', invite_id: '', computer_id: '', ticket: i % 4 === 3 ? '' : String(4702 - i), end_user_name: p.name,
        computer: p.computer, user_name: p.user, system: p.system, address: p.address, elevated: 0, displays: 1, created_at: begin, ready_at: begin,
        connected_at: connected ? begin : 0, ended_at: end, consent, end_reason: reason, ended_by: by, note: i % 5 === 1 ? 'New printer driver' : '',
      }),
      insert('session_agent', { session_id: `l${count}-${i}`, agent_id: 'OWNER', ended_at: end }),
      logRow({ id: `l${count}-${i}`, begin, end, consent, reason, by, endUser: p.name, computer: p.computer, address: p.address, ticket: i % 4 === 3 ? '' : String(4702 - i), viewed: connected, note: i % 5 === 1 ? 'New printer driver' : '' }),
      insert('log_agent', { agent_id: 'OWNER', place: begin, type: 'attended' }),
    );
    if (connected) all.push(insert('viewer', { id: `lv${count}-${i}`, session_id: `l${count}-${i}`, agent_id: 'OWNER', address: '192.0.2.9', level: consent, state: 'ended', since: end, opened_at: begin, closed_at: end, reason, bytes_down: 0, bytes_up: 0 }));
  }
  server.sql(all.join('\n').replaceAll("'OWNER'", "(SELECT id FROM agent WHERE user_name = 'rodney')"));
}

/** So many sessions that wait and computers that are in reach. */
export function addMany(server: Server, count: number, now = Date.now() * 1000): void {
  const owner = `(SELECT id FROM agent WHERE user_name = 'rodney')`;
  const numbers = `WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < ${count})`;
  const columns = (row: Record<string, string>) => `(${Object.keys(row).join(', ')}) ${numbers} SELECT ${Object.values(row).join(', ')} FROM n;`;
  const place = { user_name: `'user-' || i`, computer: `'PC-' || i`, system: `'Debian GNU/Linux 13'`, address: `'192.0.2.7'`, elevated: 'i % 2', displays: '1' };
  server.sql(`INSERT INTO session ${columns({
    ...place, id: `'m' || i`, type: `'attended'`, state: `'ready'`, since: `${now} - i`, owner_id: owner, invite_id: `''`, computer_id: `''`, ticket: `8000 + i`, end_user_name: `'Caller ' || i`,
    created_at: `${now} - i`, ready_at: `${now}`, connected_at: '0', ended_at: '0', consent: `'not-asked'`, end_reason: `''`, ended_by: `''`, note: `''`,
  })}`);
  server.sql(`INSERT INTO participant ${columns({
    ...place, id: `'mp' || i`, session_id: `'m' || i`, position: '5000 + i', secret_hash: `''`, sharing: '1', online: '1', epoch: '1', network: `'192.0.2.7'`, language: `'en'`,
    joined_at: `${now} - i`, seen_at: `${now}`, left_at: '0',
  })}`);
  server.sql(`INSERT INTO computer ${columns({
    id: `'mc' || i`, owner_id: owner, name: `'HOST-' || i`, user_name: `'user-' || i`, system: `'Debian GNU/Linux 13'`, address: `'192.0.2.8'`, public_key: `'many ' || i`, visibility: `'me'`, online: 'i % 2',
    epoch: '1', created_at: `${now}`, last_seen_at: `${now} - i * 1000000`, removed_at: '0',
  })}`);
}

type Logged = { id: string; begin: number; end: number; consent: string; reason: string; by: string; endUser: string; computer: string; address: string; ticket: string; viewed: boolean; note: string };

/** A row of the session log, as a server writes it when a session ends. */
function logRow(l: Logged): string {
  const agents = l.viewed ? 'Rodney Example' : '';
  const fold = (...texts: string[]) => texts.join(' ').normalize('NFKD').replace(/\p{Mn}/gu, '').toLowerCase();
  return insert('log', {
    session_id: l.id, place: l.begin, started_at: l.begin, ended_at: l.end, duration: l.end - l.begin, type: 'attended', owner_id: 'OWNER', owner: 'Rodney Example', agents,
    end_user: l.endUser, computer: l.computer, ticket: l.ticket, agent_address: l.viewed ? '192.0.2.9' : '', computer_address: l.address, consent: l.consent,
    end_reason: l.reason, ended_by: l.by, note: l.note, owner_key: fold('Rodney Example'), agents_key: fold(agents), end_user_key: fold(l.endUser),
    computer_key: fold(l.computer), ticket_key: fold(l.ticket), search: ` ${fold(l.endUser, l.computer, l.ticket, 'Rodney Example', l.address, l.note, agents)} `,
  });
}
