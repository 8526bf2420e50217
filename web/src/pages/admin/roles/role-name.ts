import { useCallback } from "react";
import { useTranslation } from "react-i18next";

/** The name of a role: a built-in one has its own in each language. */
export function useRoleName(): (id: string, name: string) => string {
  const { t } = useTranslation();
  return useCallback(
    (id, name) => (id === "administrator" ? t("role.administrator") : id === "agent" ? t("role.agent") : name),
    [t],
  );
}
