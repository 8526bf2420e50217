import { IconMapQuestion } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import { Link } from "react-router";
import { EmptyState } from "../components/empty-state";
import { Page } from "../components/page";

export function NotFoundPage() {
  const { t } = useTranslation();
  return (
    <Page title={t("notFound.title")}>
      <EmptyState icon={IconMapQuestion} title={t("notFound.text")}>
        <Link to="/sessions">{t("notFound.back")}</Link>
      </EmptyState>
    </Page>
  );
}
