import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { useMe } from "../../api/me";
import { Banner } from "../../components/banner";
import { Page } from "../../components/page";
import { Sections } from "../../components/sections";
import { settingsSections } from "./sections";
import classes from "./settings.module.css";

/** A page of Settings: the title, the way to the other sections, the content. */
export function SettingsPage({ children }: { children: ReactNode }) {
  const { t } = useTranslation();
  const me = useMe();
  return (
    <Page title={t("settings.title")} below={<Sections label={t("settings.sections")} sections={settingsSections} />}>
      <div className={classes.page}>
        {me.needsSecondFactor && <Banner>{t("security.needed")}</Banner>}
        {children}
      </div>
    </Page>
  );
}
