import i18next from "i18next";
import { useTranslation } from "react-i18next";
import { useMe } from "../../api/me";
import { usePreference } from "../../components/use-preference";
import { type Language, loadLanguage, pickLanguage } from "../../i18n/setup";
import type { Link } from "./use-link";

export interface Message {
  subject: string;
  body: string;
}

/** The ready message for an end-user, in a language of its own: the agent's console may be German, the caller French. */
export function useMessage() {
  const me = useMe();
  const { i18n } = useTranslation();
  const [stored, setLanguage] = usePreference("message-language", "");
  const language = pickLanguage([stored || i18n.language]);
  const write = async (into: Language, link: Pick<Link, "url" | "ticket" | "endUser">): Promise<Message> => {
    await loadLanguage(into);
    const t = i18next.getFixedT(into);
    const name = link.endUser.trim();
    const ticket = link.ticket.trim();
    const lines = [
      name ? t("message.greetingName", { name }) : t("message.greeting"),
      "",
      me.company
        ? t("message.introCompany", { agent: me.name, company: me.company })
        : t("message.intro", { agent: me.name }),
      "",
      t("message.step1", { link: link.url }),
      t("message.step2"),
      t("message.step3", { agent: me.name }),
      "",
      t("message.warning"),
    ];
    return {
      subject: ticket ? t("message.subjectTicket", { ticket }) : t("message.subject"),
      body: lines.join("\n"),
    };
  };
  return { language, setLanguage, write };
}

/** The address that opens the agent's mail program with the message. Lines end as RFC 6068 wants. */
export function mailto({ subject, body }: Message): string {
  const part = (text: string) => encodeURIComponent(text.replace(/\r?\n/g, "\r\n"));
  return `mailto:?subject=${part(subject)}&body=${part(body)}`;
}
