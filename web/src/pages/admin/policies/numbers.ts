import type { Policy } from "../../../api/policy";

export type NumberField = Exclude<keyof Policy, "secondFactor" | "unattendedConsent">;

/** The least and the most of each number; the server has the same (deskhand.Policy). */
export const limits: Record<NumberField, readonly [least: number, most: number]> = {
  idleMinutes: [5, 10_080],
  absoluteHours: [1, 2160],
  consentSeconds: [15, 300],
  waitingMinutes: [5, 1440],
  waitingPerAgent: [1, 200],
  waitingPerAddress: [1, 200],
  keepLogDays: [0, 3660],
  keepAuditDays: [0, 3660],
};

export const write = (n: number): string => String(n);

/** The number that a text is; undefined when it is none, or out of its limits. */
export function read(name: NumberField, text: string): number | undefined {
  const trimmed = text.trim();
  const n = Number(trimmed);
  const [least, most] = limits[name];
  return /^\d{1,6}$/.test(trimmed) && n >= least && n <= most ? n : undefined;
}
