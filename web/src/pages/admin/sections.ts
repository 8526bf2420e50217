import type { ParseKeys } from "i18next";
import type { ComponentType } from "react";
import type { Me } from "../../api/me";

// The sections of Administration in their order. Whoever adds one adds it here: it is a tab, a route below /admin with a script of
// its own, and what it needs.

export interface Section {
  /** Below /admin. */
  path: string;
  /** Its name, which is its page's title. */
  key: ParseKeys;
  /** What an agent needs to see it. */
  may: Me["permissions"][number];
  page: () => Promise<ComponentType>;
}

export const sections: readonly Section[] = [
  {
    path: "agents",
    key: "agents.title",
    may: "manage-agents",
    page: async () => (await import("./agents/agents")).AgentsPage,
  },
  {
    path: "roles",
    key: "roles.title",
    may: "manage-agents",
    page: async () => (await import("./roles/roles")).RolesPage,
  },
  {
    path: "policies",
    key: "policy.title",
    may: "manage-settings",
    page: async () => (await import("./policies/policies")).PoliciesPage,
  },
  {
    path: "sign-on",
    key: "signOn.title",
    may: "manage-settings",
    page: async () => (await import("./sign-on/sign-on")).SignOnAdminPage,
  },
  {
    path: "branding",
    key: "branding.title",
    may: "manage-settings",
    page: async () => (await import("./branding/branding")).BrandingPage,
  },
  {
    path: "webhooks",
    key: "webhooks.title",
    may: "manage-settings",
    page: async () => (await import("./webhooks/webhooks")).WebhooksPage,
  },
  {
    path: "audit",
    key: "audit.title",
    may: "read-audit",
    page: async () => (await import("./audit/audit")).AuditPage,
  },
  {
    path: "health",
    key: "health.title",
    may: "manage-settings",
    page: async () => (await import("./health/health")).HealthPage,
  },
];

/** The sections that an agent sees; none: Administration is not for them. */
export const sectionsOf = (me: Me): Section[] => sections.filter((section) => me.permissions.includes(section.may));
