import { Button, NativeSelect, TextInput } from "@mantine/core";
import { type FormEvent, useState } from "react";
import { useTranslation } from "react-i18next";
import { Fault } from "../../api/fault";
import { useMailLink } from "../../api/invites";
import { FaultBanner } from "../../components/banner";
import { useFaultText } from "../../components/fault-text";
import { languages } from "../../i18n/setup";
import classes from "./link-panel.module.css";
import { useMessage } from "./message";
import type { Link } from "./use-link";

/** To whom, and in which language. */
export default function SendForm({ link }: { link: Link }) {
  const { t } = useTranslation();
  const faultText = useFaultText();
  const message = useMessage();
  const mail = useMailLink();
  const [to, setTo] = useState("");
  const submit = (event: FormEvent) => {
    event.preventDefault();
    const { ticket, endUser, short } = link;
    mail.mutate(
      { to: to.trim(), language: message.language, ticket, endUserName: endUser, short: short?.url.split("/").at(-1) },
      { onSuccess: () => setTo("") },
    );
  };
  const beside = mail.error instanceof Fault && mail.error.field === "to" ? faultText(mail.error).text : undefined;
  return (
    <form onSubmit={submit} className={classes.send}>
      <TextInput
        type="email"
        label={t("link.sendTo")}
        value={to}
        onChange={(event) => {
          setTo(event.currentTarget.value);
          mail.reset();
        }}
        error={beside}
        maxLength={254}
        autoComplete="off"
        required
        data-autofocus
      />
      <NativeSelect
        label={t("link.instructionsIn")}
        value={message.language}
        onChange={(event) => message.setLanguage(event.currentTarget.value)}
        data={Object.entries(languages).map(([value, label]) => ({ value, label }))}
      />
      {mail.error && !beside ? <FaultBanner error={mail.error} /> : null}
      <div className={classes.sendEnd}>
        <span role="status">{mail.isSuccess ? t("link.sent") : ""}</span>
        <Button type="submit" variant="filled" loading={mail.isPending}>
          {t("link.send")}
        </Button>
      </div>
    </form>
  );
}
