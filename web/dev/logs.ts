import type { LogDetails, LogRow } from "../src/api/schema.gen";
import { colleagues } from "./seed.ts";

// The session log of the made-up world.

/** What a filter finds, in its order. */
export function findLogs(rows: LogRow[], params: URLSearchParams): LogRow[] {
  const has = (text: string, part: string | null) => !part || text.toLowerCase().includes(part.toLowerCase());
  const agent = colleagues[Number(params.get("agent")?.replace("agent-", "")) - 1];
  const found = rows.filter(
    (row) =>
      has(row.endUserName, params.get("endUser")) &&
      has(row.computer, params.get("computer")) &&
      has(row.ticket, params.get("ticket")) &&
      has(row.type, params.get("type")) &&
      has(JSON.stringify(row), params.get("q")) &&
      (!agent || row.owner === agent || row.agents.includes(agent)) &&
      row.start >= (params.get("from") ?? "") &&
      (!params.has("to") || row.start < params.get("to")!),
  );
  const key = (row: LogRow) =>
    ({
      end: row.end,
      duration: String(row.durationSeconds).padStart(9, "0"),
      agents: row.agents.join(),
      owner: row.owner,
      endUser: row.endUserName,
      computer: row.computer,
      type: row.type,
      ticket: row.ticket,
    })[params.get("sort") ?? ""] ?? row.start;
  const down = params.get("order") !== "asc";
  return found.toSorted((a, b) => (key(a) < key(b) ? -1 : key(a) > key(b) ? 1 : 0) * (down ? -1 : 1));
}

/** What is kept of a row's session. */
export function detailsOf(row: LogRow): LogDetails {
  const event = (sequence: number, at: string, actor: string, verb: string, subject: string, detail = {}) => ({
    sequence,
    at,
    actor,
    address: row.agentAddress,
    verb,
    subject,
    detail,
  });
  const viewers = row.agents.map((agentName, i) => ({
    viewerId: `viewer-${i}`,
    agentId: `agent-${colleagues.indexOf(agentName) + 1}`,
    agentName,
    address: row.agentAddress,
    kind: "screen" as const,
    level: "control" as const,
    openedAt: row.start,
    closedAt: row.end,
    reason: row.endReason,
    bytesDown: 48_200_000 + i,
    bytesUp: 61_000,
  }));
  return {
    ...row,
    system: "Windows 11 Pro 24H2",
    userName: "amartin",
    participants: [
      {
        participantId: "participant-0",
        computer: row.computer,
        userName: "amartin",
        system: "Windows 11 Pro 24H2",
        address: row.computerAddress,
        joinedAt: row.start,
        leftAt: row.end,
      },
    ],
    viewers,
    prompts:
      row.type === "command-prompt"
        ? viewers.map(({ agentId, agentName }, i) => ({
            promptId: `prompt-${i}`,
            agentId,
            agentName,
            shell: "/bin/bash",
            openedAt: row.start,
            endedAt: row.end,
            exitCode: i,
            reason: "shell-ended",
            bytes: 48_120,
            kept: 48_120,
          }))
        : [],
    events: [
      event(1, row.start, "end-user", "session.start", row.id, { computer: row.computer }),
      ...viewers.flatMap((viewer, i) => [
        event(2 + 3 * i, row.start, "rodney", "viewer.open", viewer.viewerId),
        event(3 + 3 * i, row.start, "end-user", "viewer.allow", viewer.viewerId, { level: "control" }),
        event(4 + 3 * i, row.end, "end-user", "viewer.close", viewer.viewerId, { reason: row.endReason }),
      ]),
      event(97, row.start, "rodney", "session.call", row.id, { agent: "ada" }),
      event(98, row.start, "rodney", "session.transfer", row.id, { from: "rodney", to: "ada" }),
      event(99, row.end, row.endedBy, "session.end", row.id),
    ],
  };
}
