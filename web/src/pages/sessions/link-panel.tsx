import { Button, Menu, Popover, Skeleton, TextInput } from "@mantine/core";
import { IconChevronDown, IconLink, IconMail, IconMessageLanguage, IconQrcode } from "@tabler/icons-react";
import { lazy, Suspense } from "react";
import { useTranslation } from "react-i18next";
import { useMe } from "../../api/me";
import { ahead } from "../../components/ahead";
import { FaultBanner } from "../../components/banner";
import { CopyButton } from "../../components/copy-button";
import { useCopy } from "../../components/use-copy";
import { useFormat } from "../../i18n/format";
import { type Language, languages } from "../../i18n/setup";
import classes from "./link-panel.module.css";
import { LinkText } from "./link-text";
import { mailto, useMessage } from "./message";
import { SendNow } from "./send-now";
import type { Link } from "./use-link";

const QR = lazy(ahead(() => import("./qr")));
const icon = { size: 16, stroke: 1.75, "aria-hidden": true } as const;

/** "Send a link": the personal link, live as ticket and name are typed, and the ways to hand it over. */
export function LinkPanel({ link }: { link: Link }) {
  const { t } = useTranslation();
  const format = useFormat();
  const message = useMessage();
  const me = useMe();
  const mail = async () => {
    location.href = mailto(await message.write(message.language, link));
  };
  return (
    <section aria-labelledby="send-a-link" className={classes.panel}>
      <h2 id="send-a-link">{t("link.title")}</h2>
      <div className={classes.grid}>
        <TextInput
          label={t("link.ticket")}
          value={link.ticket}
          onChange={(event) => link.setTicket(event.currentTarget.value)}
          maxLength={64}
          autoComplete="off"
        />
        <TextInput
          label={t("link.endUser")}
          value={link.endUser}
          onChange={(event) => link.setEndUser(event.currentTarget.value)}
          maxLength={80}
          autoComplete="off"
        />
        <LinkText url={link.url} />
        <CopyButton text={link.url} className={classes.copy} />
      </div>
      <div className={classes.ways}>
        {link.short ? (
          <Button variant="subtle" leftSection={<IconLink {...icon} />} onClick={link.unshorten}>
            {t("link.full")}
          </Button>
        ) : (
          <Button
            variant="subtle"
            leftSection={<IconLink {...icon} />}
            onClick={link.shorten}
            loading={link.shortening}
          >
            {t("link.shorten")}
          </Button>
        )}
        <Button variant="subtle" leftSection={<IconMail {...icon} />} onClick={mail}>
          {t("link.email")}
        </Button>
        {me.sendsMail && <SendNow link={link} />}
        <Popover position="bottom-start" withArrow={false} trapFocus returnFocus>
          <Popover.Target>
            <Button variant="subtle" leftSection={<IconQrcode {...icon} />}>
              {t("link.qr")}
            </Button>
          </Popover.Target>
          <Popover.Dropdown aria-label={t("link.qr")}>
            <div className={classes.qr}>
              <Suspense fallback={<Skeleton width={200} height={200} />}>
                <QR url={link.url} title={t("link.qrHint")} />
              </Suspense>
              <p>{t("link.qrHint")}</p>
            </div>
          </Popover.Dropdown>
        </Popover>
        <Instructions link={link} />
        {link.short && (
          <span className={classes.expires}>{t("link.expires", { time: format.stamp(link.short.expiresAt) })}</span>
        )}
      </div>
      {link.error ? <FaultBanner error={link.error} /> : null}
    </section>
  );
}

/** "Copy with instructions": the whole message for the end-user, in the language that the agent picks. */
function Instructions({ link }: { link: Link }) {
  const { t } = useTranslation();
  const message = useMessage();
  const { state, copy } = useCopy();
  const pick = async (language: Language) => {
    message.setLanguage(language);
    const { body } = await message.write(language, link);
    await copy(body);
  };
  return (
    <Menu position="bottom-start" width={200}>
      <Menu.Target>
        <Button
          variant="subtle"
          leftSection={<IconMessageLanguage {...icon} />}
          rightSection={<IconChevronDown size={14} stroke={2} aria-hidden />}
        >
          <span aria-live="polite">
            {state === "copied"
              ? t("action.copied")
              : state === "failed"
                ? t("action.copyFailed")
                : t("link.instructions")}
          </span>
        </Button>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Label>{t("link.instructionsIn")}</Menu.Label>
        <Menu.RadioGroup value={message.language} onChange={(value) => pick(value as Language)}>
          {Object.entries(languages).map(([tag, name]) => (
            <Menu.RadioItem key={tag} value={tag} lang={tag} closeMenuOnClick>
              {name}
            </Menu.RadioItem>
          ))}
        </Menu.RadioGroup>
      </Menu.Dropdown>
    </Menu>
  );
}
