import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { useMe } from "../../api/me";
import { Banner } from "../../components/banner";
import { Page } from "../../components/page";
import { Sections } from "../../components/sections";
import classes from "./settings.module.css";

const sections = [
  { to: "/settings", key: "settings.profile" },
  { to: "/settings/password", key: "settings.password" },
  { to: "/settings/security", key: "settings.security" },
  { to: "/settings/logins", key: "settings.logins" },
  { to: "/settings/tokens", key: "settings.tokens" },
] as const;

/** A page of Settings: the title, the way to the other sections, the content. */
export function SettingsPage({ children }: { children: ReactNode }) {
  const { t } = useTranslation();
  const me = useMe();
  return (
    <Page title={t("settings.title")} below={<Sections label={t("settings.sections")} sections={sections} />}>
      <div className={classes.page}>
        {me.needsSecondFactor && <Banner>{t("security.needed")}</Banner>}
        {children}
      </div>
    </Page>
  );
}

/** What a section is about at the left, and what one does there at the right. */
export function Section(props: { id: string; title: string; text: string; children: ReactNode }) {
  return (
    <section aria-labelledby={props.id} className={classes.section}>
      <div className={classes.about}>
        <h2 id={props.id}>{props.title}</h2>
        <p>{props.text}</p>
      </div>
      <div className={classes.form}>{props.children}</div>
    </section>
  );
}
