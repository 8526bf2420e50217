import i18next from "i18next";
import { useMe } from "../../api/me";
import { loadLanguage } from "../../i18n/setup";
import { type Message, useMessage } from "../sessions/message";

/** The ready message that hands over a link which adds a computer, in the language that the agent picks for messages. */
export function useLinkMessage() {
  const me = useMe();
  const { language, setLanguage } = useMessage();
  const write = async (url: string): Promise<Message> => {
    await loadLanguage(language);
    const t = i18next.getFixedT(language);
    const lines = [
      t("message.greeting"),
      "",
      me.company
        ? t("add.mail.introCompany", { agent: me.name, company: me.company })
        : t("add.mail.intro", { agent: me.name }),
      "",
      t("add.mail.step1", { link: url }),
      t("add.mail.step2"),
      t("add.mail.step3"),
      "",
      t("add.mail.warning"),
    ];
    return { subject: t("add.mail.subject"), body: lines.join("\n") };
  };
  return { language, setLanguage, write };
}
