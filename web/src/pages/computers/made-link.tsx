import { Button, NativeSelect, Popover, TextInput } from "@mantine/core";
import { IconMail, IconSend } from "@tabler/icons-react";
import { type FormEvent, useState } from "react";
import { useTranslation } from "react-i18next";
import { Fault } from "../../api/fault";
import { useMe } from "../../api/me";
import { type NewUnattendedLink, useMailUnattendedLink } from "../../api/unattended";
import { FaultBanner } from "../../components/banner";
import { CopyButton } from "../../components/copy-button";
import { useFaultText } from "../../components/fault-text";
import { useFormat } from "../../i18n/format";
import { languages } from "../../i18n/setup";
import { LinkText } from "../sessions/link-text";
import { mailto } from "../sessions/message";
import classes from "./add-computer.module.css";
import { useLinkMessage } from "./link-message";

/** A link that was made just now, and the ways to hand it over. */
export function MadeLink({ link }: { link: NewUnattendedLink }) {
  const { t } = useTranslation();
  const format = useFormat();
  const me = useMe();
  const message = useLinkMessage();
  const [sending, setSending] = useState(false);
  const mail = async () => {
    location.href = mailto(await message.write(link.url));
  };
  return (
    <div className={classes.made}>
      <div className={classes.url}>
        <LinkText url={link.url} />
        <CopyButton text={link.url} />
      </div>
      <div className={classes.hand}>
        <Button variant="subtle" leftSection={<IconMail size={16} stroke={1.75} aria-hidden />} onClick={mail}>
          {t("link.email")}
        </Button>
        {me.sendsMail && (
          <Popover opened={sending} onChange={setSending} position="bottom-start" width={320} trapFocus returnFocus>
            <Popover.Target>
              <Button
                variant="subtle"
                leftSection={<IconSend size={16} stroke={1.75} aria-hidden />}
                onClick={() => setSending(!sending)}
              >
                {t("link.sendNow")}
              </Button>
            </Popover.Target>
            <Popover.Dropdown aria-label={t("link.sendNow")}>
              <SendForm url={link.url} />
            </Popover.Dropdown>
          </Popover>
        )}
      </div>
      <p role="status" className={classes.hint}>
        {t("add.linkExpires", { time: format.stamp(link.expiresAt) })} {t("add.linkOnce")}
      </p>
    </div>
  );
}

/** To whom, and in which language. */
function SendForm({ url }: { url: string }) {
  const { t } = useTranslation();
  const faultText = useFaultText();
  const message = useLinkMessage();
  const mail = useMailUnattendedLink();
  const [to, setTo] = useState("");
  const submit = (event: FormEvent) => {
    event.preventDefault();
    mail.mutate({ to: to.trim(), language: message.language, url }, { onSuccess: () => setTo("") });
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
