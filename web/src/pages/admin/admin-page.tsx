import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { NavLink } from "react-router";
import { useMe } from "../../api/me";
import { Page } from "../../components/page";
import classes from "./admin-page.module.css";
import { type Section, sectionsOf } from "./sections";

/** A page of Administration: its title and tools, and below them the way to the other sections. */
export function AdminPage(props: { title: Section["key"]; tools?: ReactNode; children: ReactNode }) {
  const { t } = useTranslation();
  const mine = sectionsOf(useMe());
  return (
    <Page
      title={t(props.title)}
      tools={props.tools}
      below={
        mine.length > 1 && (
          <nav aria-label={t("admin.sections")} className={classes.tabs}>
            {mine.map(({ path, key }) => (
              <NavLink key={path} to={`/admin/${path}`} className={classes.tab}>
                {t(key)}
              </NavLink>
            ))}
          </nav>
        )
      }
    >
      {props.children}
    </Page>
  );
}
