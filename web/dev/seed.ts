import type {
  AgentRow,
  Call,
  Colleague,
  Computer,
  ConnectionID,
  Group,
  Login,
  LogRow,
  Me,
  Participant,
  Policy,
  Role,
  Security,
  Session,
  Token,
  UnattendedLink,
} from "../src/api/schema.gen";
import { makeOperations, type Operations } from "./operations.ts";

// A made-up help desk, as large as is wanted and the same at every run: for page tests, screenshots and work on the console
// without a server.

export interface World extends Operations {
  me: Me;
  loggedIn: boolean;
  agents: AgentRow[];
  roles: Role[];
  policy: Policy;
  sessions: Session[];
  computers: Computer[];
  groups: Group[];
  logs: LogRow[];
  ids: ConnectionID[];
  /** My open links that add a computer. */
  links: UnattendedLink[];
  colleagues: Colleague[];
  calls: Call[];
  /** Who was called to a session, and what was mailed. */
  called: string[];
  refuseMail: boolean;
  mails: Record<string, string>[];
  security: Security;
  logins: Login[];
  tokens: Token[];
  /** I logged in more than five minutes ago. */
  oldLogin: boolean;
}

const people = [
  ["A. Martin", "amartin", "RECEPTION-02"],
  ["Jürgen Weißenfels", "jweissenfels", "BUCHHALTUNG-7"],
  ["Inês Carvalho", "icarvalho", "LAB-NOTEBOOK"],
  ["Chiara De Santis", "cdesantis", "VENDITE-14"],
  ["Noor van den Berg", "nberg", "MAGAZIJN-3"],
  ["Tomás Ibáñez", "tibanez", "ALMACEN-01"],
  ["Solène Dubois", "sdubois", "ACCUEIL-PC"],
  ["Priya Raman", "praman", "DESIGN-MBP"],
  ["Wojciech Brzęczyszczykiewicz", "wbrzeczyszczykiewicz", "KONTROLLING-WARSZAWA-114"],
  ["陳美玲", "mchen", "FRONT-DESK"],
] as const;
const systems = [
  "Windows 11 Pro 24H2",
  "Ubuntu 24.04 LTS",
  "Windows 10 Enterprise 22H2",
  "Debian 12",
  "Windows 11 Home 23H2",
];
export const colleagues = ["Rodney Trotter", "Ada Okafor", "Beatriz Lima"];

export interface Size {
  sessions: number;
  computers: number;
  logs: number;
}

/** now: milliseconds since 1970 that "3 minutes ago" counts from. */
export function makeWorld(size: Size, now: number, me: Partial<Me> = {}): World {
  const ago = (seconds: number) => new Date(now - seconds * 1000).toISOString();
  return {
    me: {
      id: "agent-1",
      userName: "rodney",
      name: "Rodney Trotter",
      email: "rodney@example.com",
      title: "Support engineer",
      language: "",
      theme: "",
      role: "administrator",
      roleName: "",
      permissions: [...permissions],
      personalLink: "https://support.example.com/join/rodney",
      company: "Trotters Independent IT",
      serverVersion: "1.0.0",
      sendsMail: true,
      needsSecondFactor: false,
      ...me,
    },
    loggedIn: true,
    agents: makeAgents(ago),
    roles: makeRoles(),
    policy: {
      secondFactor: false,
      idleMinutes: 720,
      absoluteHours: 168,
      unattendedConsent: "none",
      consentSeconds: 30,
      waitingMinutes: 30,
      waitingPerAgent: 20,
      waitingPerAddress: 5,
      keepLogDays: 0,
      keepAuditDays: 0,
    },
    sessions: Array.from({ length: size.sessions }, (_, i) => makeSession(i, ago)),
    computers: Array.from({ length: size.computers }, (_, i) => makeComputer(i, ago)),
    groups: size.computers > 3 ? groups : [],
    logs: Array.from({ length: size.logs }, (_, i) => makeLogRow(i, ago)),
    ids: [],
    links: [],
    ...makeOperations(ago),
    colleagues: [
      { id: "agent-2", name: "Ada Okafor", userName: "ada", title: "Support engineer", online: false },
      { id: "agent-3", name: "Beatriz Lima", userName: "beatriz", title: "", online: true },
    ],
    calls: [],
    called: [],
    refuseMail: false,
    mails: [],
    security: { authenticator: false, passkeys: [], recoveryCodes: 0, passkeysPossible: true },
    logins: makeLogins(ago),
    oldLogin: false,
    tokens: [
      {
        id: "token-1",
        name: "Help desk export",
        scopes: ["logs:read", "sessions:read"],
        createdAt: ago(86_400 * 20),
        expiresAt: ago(-86_400 * 70),
        lastUsedAt: ago(3600),
      },
    ],
  };
}

/** Everything that an administrator may do. */
export const permissions = [
  "view",
  "control",
  "prompt",
  "see-all-sessions",
  "see-all-logs",
  "see-team-computers",
  "invite-agents",
  "transfer",
  "make-connection-ids",
  "make-links",
  "add-computers",
  "manage-agents",
  "manage-settings",
  "read-audit",
] as const;

function makeRoles(): Role[] {
  return [
    { id: "administrator", name: "", permissions: [...permissions], agents: 1, mightier: false },
    {
      id: "agent",
      name: "",
      permissions: permissions.filter((one) => !/manage|audit|logs/.test(one)),
      agents: 3,
      mightier: false,
    },
    { id: "role-1", name: "Observers", permissions: ["view", "see-all-sessions"], agents: 1, mightier: false },
    { id: "role-2", name: "Interns", permissions: [], agents: 0, mightier: false },
  ];
}

function makeAgents(ago: (seconds: number) => string): AgentRow[] {
  const agent = (n: number, userName: string, name: string, more: Partial<AgentRow>): AgentRow => ({
    id: `agent-${n}`,
    userName,
    name,
    email: `${userName}@example.com`,
    title: "Support engineer",
    role: "agent",
    roleName: "",
    state: "active",
    logins: 1,
    secondFactor: n < 3,
    signOn: n === 2,
    lastSeenAt: ago(40 * n * n),
    createdAt: ago(9_000_000 - n),
    mightier: false,
    ...more,
  });
  return [
    agent(1, "rodney", colleagues[0]!, { role: "administrator", logins: 2 }),
    agent(2, "ada", colleagues[1]!, {}),
    agent(3, "beatriz", colleagues[2]!, { title: "Trainee", role: "role-1", roleName: "Observers" }),
    agent(4, "jo", "Jo Lindqvist", { state: "invited", invitedUntil: ago(-200_000), lastSeenAt: undefined, logins: 0 }),
    agent(5, "tomas", "Tomás Ibáñez", { state: "disabled", logins: 0, lastSeenAt: ago(8_000_000), title: "" }),
  ];
}

function makeLogins(ago: (seconds: number) => string): Login[] {
  const agents = [
    "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Safari/537.36",
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:142.0) Gecko/20100101 Firefox/142.0",
    "Mozilla/5.0 (iPhone; CPU iPhone OS 18_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.5 Mobile/15E148 Safari/604.1",
  ];
  return agents.map((userAgent, i) => ({
    id: `login-${i}`,
    userAgent,
    address: `203.0.113.${7 + i * 40}`,
    createdAt: ago(7200 + i * 90_000),
    lastSeenAt: ago(5 + i * 40_000),
    expiresAt: ago(-500_000),
    current: i === 0,
  }));
}

const states = ["ready", "connected", "waiting", "asking", "ready", "reconnecting"] as const;

export function makeSession(i: number, ago: (seconds: number) => string): Session {
  const [name, user, computer] = people[i % people.length]!;
  const state = states[i % states.length]!;
  const owner = i % 3 === 1 ? 1 : 0;
  const watched = state === "connected" || state === "asking";
  return {
    id: `session-${i}`,
    type: "attended",
    state,
    owner: { id: `agent-${owner + 1}`, name: colleagues[owner]!, userName: ["rodney", "ada"][owner]! },
    mine: owner === 0,
    ticket: i % 4 === 3 ? "" : String(4711 + i * 13),
    endUserName: name,
    computer,
    userName: user,
    system: systems[i % systems.length]!,
    address: `203.0.113.${(i * 7) % 250}`,
    elevated: i % 5 === 1,
    quality: (["good", "fair", "poor"] as const)[i % 3],
    displays: state === "waiting" ? 0 : 1 + (i % 3),
    since: ago(20 + i * 151),
    createdAt: ago(100 + i * 160),
    consent: state === "connected" ? "control" : "not-asked",
    note: i % 7 === 1 ? "Printer on the second floor prints every page twice since Monday." : "",
    viewers: watched
      ? [
          {
            id: `viewer-${i}`,
            agentId: `agent-${owner + 1}`,
            agentName: colleagues[owner]!,
            kind: "screen",
            level: i % 2 ? "control" : "view",
            state: state === "asking" ? "asking" : "watching",
            since: ago(60),
          },
        ]
      : [],
    prompts: state !== "waiting",
    line: makeLine(i, state === "waiting" ? 1 : i % 6 === 0 ? 2 : 0, ago),
  };
}

function makeLine(i: number, waiting: number, ago: (seconds: number) => string): Participant[] {
  return Array.from({ length: waiting + 1 }, (_, n) => {
    const [, user, computer] = people[(i + n * 3) % people.length]!;
    return {
      participantId: `participant-${i}-${n}`,
      computer,
      userName: user,
      system: systems[(i + n) % systems.length]!,
      address: `198.51.100.${(i * 11 + n) % 250}`,
      place: n,
      sharing: n === 0,
      online: n < 2,
      joinedAt: ago(300 - n * 60),
    };
  });
}

const groups: Group[] = [
  { id: "group-home", parentId: "", name: "Home office", visibility: "me" },
  { id: "group-berlin", parentId: "", name: "Berlin", visibility: "everyone" },
  { id: "group-tills", parentId: "group-berlin", name: "Tills", visibility: "everyone" },
  { id: "group-ground", parentId: "group-tills", name: "Ground floor", visibility: "everyone" },
  { id: "group-labs", parentId: "", name: "Labs", visibility: "everyone" },
];
/** Where the computers of a larger world stand, in turn. */
const standings = ["", "group-home", "", "group-tills", "group-ground", "group-labs", "group-berlin"] as const;

function makeComputer(i: number, ago: (seconds: number) => string): Computer {
  const status = (["online", "offline", "in-use", "online", "offline"] as const)[i % 5]!;
  const places = ["RECEPTION", "TILL", "KIOSK", "LAB", "SERVER", "MEETING-ROOM", "WAREHOUSE"];
  const owner = i % 4 === 2 ? 1 : 0;
  return {
    id: `computer-${i}`,
    name: `${places[i % places.length]}-${String(i + 1).padStart(2, "0")}`,
    userName: people[i % people.length]![1],
    system: systems[(i * 3) % systems.length]!,
    address: `10.20.${i % 8}.${(i * 13) % 250}`,
    owner: { id: `agent-${owner + 1}`, name: colleagues[owner]! },
    visibility: i < 3 || i % 7 < 2 ? "me" : "everyone",
    groupId: i < 3 ? "" : standings[i % standings.length]!,
    note: "",
    tags: i % 6 === 4 ? ["till", "ground floor"] : [],
    status,
    prompts: i % 5 !== 1,
    sites: [`203.0.113.7 10.20.${i % 8}.0/24`],
    lastSeenAt: ago(status === "offline" ? 5000 + i * 40_000 : 5),
    createdAt: ago(900_000 + i * 1000),
  };
}

const endings = [
  ["ended-by-agent", "Rodney Trotter", "control"],
  ["ended-by-end-user", "end-user", "control"],
  ["denied", "end-user", "denied"],
  ["ended-by-agent", "Ada Okafor", "view"],
  ["never-connected", "server", "not-asked"],
  ["unanswered", "server", "unanswered"],
] as const;

export function makeLogRow(i: number, ago: (seconds: number) => string): LogRow {
  const [name, , computer] = people[(i * 3) % people.length]!;
  const [endReason, endedBy, consent] = endings[i % endings.length]!;
  const unattended = i % 9 === 3;
  const seconds = endReason === "never-connected" || endReason === "denied" ? 31 : 95 + ((i * 379) % 5400);
  const start = 3600 + i * 4200;
  return {
    id: `log-${i}`,
    type: unattended ? "unattended" : "attended",
    start: ago(start),
    end: ago(start - seconds),
    durationSeconds: seconds,
    agents:
      endReason === "never-connected" ? [] : i % 5 === 0 ? [colleagues[0]!, colleagues[1]!] : [colleagues[i % 3]!],
    owner: colleagues[i % 2]!,
    endUserName: name,
    computer,
    ticket: i % 4 === 1 ? "" : String(9000 - i),
    agentAddress: `192.0.2.${(i * 3) % 250}`,
    computerAddress: i % 6 === 5 ? "2001:db8:4f2:1::a9" : `203.0.113.${(i * 7) % 250}`,
    consent: unattended ? "not-needed" : consent,
    endReason,
    endedBy,
    note: i % 6 === 0 ? "Replaced the driver and asked them to restart. Works again." : "",
  };
}
