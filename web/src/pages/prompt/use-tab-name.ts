import { useCallback } from "react";
import { useTranslation } from "react-i18next";
import type { Tab } from "../../terminal/desk";

/** What a prompt is called: as its program says, by the program, or by its number. */
export function useTabName(): (tab: Tab) => string {
  const { t } = useTranslation();
  return useCallback((tab) => tab.title || tab.state.program || t("prompt.number", { number: tab.number }), [t]);
}
