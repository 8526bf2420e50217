import type { Permission } from "../../../api/roles";

/** The permissions as people look for them. */
export const groups = [
  { key: "session", permissions: ["view", "control", "prompt"] },
  { key: "see", permissions: ["see-all-sessions", "see-all-logs", "see-team-computers"] },
  { key: "share", permissions: ["invite-agents", "transfer", "make-connection-ids", "make-links"] },
  { key: "computers", permissions: ["add-computers"] },
  { key: "admin", permissions: ["manage-agents", "manage-settings", "read-audit"] },
] as const satisfies readonly { key: string; permissions: readonly Permission[] }[];

/** Ticks a permission, or unticks it, with what cannot be without it. */
export function toggle(set: readonly Permission[], permission: Permission): Permission[] {
  if (!set.includes(permission)) {
    const needed: Permission[] = permission === "control" ? ["view"] : [];
    return [...new Set([...set, ...needed, permission])];
  }
  return set.filter((one) => one !== permission && !(permission === "view" && one === "control"));
}
