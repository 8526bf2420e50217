import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { useMe } from "../../api/me";
import { Page } from "../../components/page";
import { Sections } from "../../components/sections";
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
          <Sections
            label={t("admin.sections")}
            sections={mine.map(({ path, key }) => ({ to: `/admin/${path}`, key }))}
          />
        )
      }
    >
      {props.children}
    </Page>
  );
}
