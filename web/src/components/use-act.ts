import { useCallback } from "react";
import { useTranslation } from "react-i18next";
import type english from "../locales/en.rest";

type Acts = (typeof english)["act"];
type Verb = { [Group in keyof Acts & string]: `${Group}.${keyof Acts[Group] & string}` }[keyof Acts & string];

/** What a verb of the audit says. One that only a newer server knows is shown as it is. */
export function useAct(): (verb: string) => string {
  const { t, i18n } = useTranslation();
  return useCallback((verb) => (i18n.exists(`act.${verb}`) ? t(`act.${verb as Verb}`) : verb), [t, i18n]);
}
