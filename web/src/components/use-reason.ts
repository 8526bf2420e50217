import { useCallback } from "react";
import { useTranslation } from "react-i18next";
import { reasons as protocol } from "../wire/reason";

/** Every reason of docs/protocol.md ("Signalling") and every code of the API that ends a viewer has its sentence. */
export const reasons = [
  ...protocol,
  "server-stopped",
  "offline",
  "conflict",
  "not-found",
  "forbidden",
  "unauthorized",
  "unavailable",
  "unreachable",
  "throttled",
] as const;
type Reason = (typeof reasons)[number];

/** Why something ended, as a sentence; by: the agent who ended it. */
export function useReason(): (reason: string, by?: string) => string {
  const { t } = useTranslation();
  return useCallback(
    (reason, by) => {
      if (reason === "ended-by-agent" && by) return t("reason.ended-by-agent-named", { name: by });
      const known: Reason = reasons.find((r) => r === reason) ?? "internal";
      return t(`reason.${known}`);
    },
    [t],
  );
}
