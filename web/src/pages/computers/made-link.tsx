import { Button, Popover } from "@mantine/core";
import { IconMail, IconSend } from "@tabler/icons-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { useMe } from "../../api/me";
import { type NewUnattendedLink, useMailUnattendedLink } from "../../api/unattended";
import { CopyButton } from "../../components/copy-button";
import { useFormat } from "../../i18n/format";
import { LinkText } from "../sessions/link-text";
import { MailForm } from "../sessions/mail-form";
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

function SendForm({ url }: { url: string }) {
  return <MailForm mail={useMailUnattendedLink()} body={(to, language) => ({ to, language, url })} />;
}
