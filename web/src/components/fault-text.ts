import { useTranslation } from "react-i18next";
import { Fault } from "../api/fault";
import { clock } from "../i18n/format";

/** What a person reads of a fault: the sentence, and the code to quote when there is one. */
export interface FaultText {
  text: string;
  quote?: string;
}

/**
 * Words for a fault in the console's language. In English the server's own sentences are more exact, so they are used; known stands for
 * them in the other languages where a page knows more than the code says.
 */
export function useFaultText(): (error: unknown, known?: string) => FaultText {
  const { t, i18n } = useTranslation();
  return (error, known) => {
    const fault = error instanceof Fault ? error : new Fault({ code: "internal", status: 0 });
    const quote = fault.instance ? t("fault.quote", { code: fault.instance }) : undefined;
    if (fault.code === "throttled" && fault.retryAfter) {
      return { text: t("fault.throttledFor", { time: clock(fault.retryAfter) }), quote };
    }
    if (i18n.language === "en" && fault.detail && fault.code !== "internal") {
      return { text: [fault.detail, fault.hint].filter(Boolean).join(" "), quote };
    }
    return { text: known ?? t(`fault.${fault.code}`), quote };
  };
}
