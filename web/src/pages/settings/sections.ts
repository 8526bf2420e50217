/** The sections of Settings in their order. */
export const settingsSections = [
  { to: "/settings", key: "settings.profile" },
  { to: "/settings/password", key: "settings.password" },
  { to: "/settings/security", key: "settings.security" },
  { to: "/settings/logins", key: "settings.logins" },
  { to: "/settings/tokens", key: "settings.tokens" },
] as const;
