import { Button, NativeSelect, TextInput } from "@mantine/core";
import type { UseMutationResult } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import { useTranslation } from "react-i18next";
import { Fault } from "../../api/fault";
import { FaultBanner } from "../../components/banner";
import { useFaultText } from "../../components/fault-text";
import { type Language, languages } from "../../i18n/setup";
import classes from "./mail-form.module.css";
import { useMessage } from "./message";

interface Props<Body> {
  mail: UseMutationResult<unknown, Error, Body>;
  body: (to: string, language: Language) => Body;
}

/** Sends a link by the server's mail: to whom, and in which language. */
export function MailForm<Body>({ mail, body }: Props<Body>) {
  const { t } = useTranslation();
  const faultText = useFaultText();
  const { language, setLanguage } = useMessage();
  const [to, setTo] = useState("");
  const submit = (event: FormEvent) => {
    event.preventDefault();
    mail.mutate(body(to.trim(), language), { onSuccess: () => setTo("") });
  };
  const beside = mail.error instanceof Fault && mail.error.field === "to" ? faultText(mail.error).text : undefined;
  return (
    <form onSubmit={submit} className={classes.form}>
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
        value={language}
        onChange={(event) => setLanguage(event.currentTarget.value)}
        data={Object.entries(languages).map(([value, label]) => ({ value, label }))}
      />
      {mail.error && !beside ? <FaultBanner error={mail.error} /> : null}
      <div className={classes.end}>
        <span role="status">{mail.isSuccess ? t("link.sent") : ""}</span>
        <Button type="submit" variant="filled" loading={mail.isPending}>
          {t("link.send")}
        </Button>
      </div>
    </form>
  );
}
