import { Button } from "@mantine/core";
import { IconTerminal2 } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { useNavigate, useParams } from "react-router";
import { computerQuery } from "../../api/computer";
import { Fault } from "../../api/fault";
import { useMay } from "../../api/me";
import { FaultBanner } from "../../components/banner";
import { EmptyState } from "../../components/empty-state";
import { useTitle } from "../../components/use-title";
import { BackLink } from "./back-link";
import { PromptDesk } from "./prompt-desk";
import classes from "./prompt-page.module.css";
import { useVisibleHeight } from "./use-visible-height";

/** /computers/:id/prompt: the command prompts of an unattended computer. */
export function ComputerPromptPage() {
  const { t } = useTranslation();
  const id = useParams().id!;
  const navigate = useNavigate();
  const { data, error, refetch } = useQuery(computerQuery(id));
  const computer = data?.computer;
  const may = useMay("prompt");
  const height = useVisibleHeight();
  const name = computer?.name ?? "";
  useTitle(name ? t("prompt.of", { name }) : t("type.command-prompt"));
  const missing = error instanceof Fault && error.code === "not-found";
  const back = { to: "/computers", label: t("viewer.backToComputers") };
  const head = (
    <>
      <BackLink back={back} />
      <h1 className={classes.title}>
        <span className={classes.what}>{t("type.command-prompt")}</span>
        <span className={classes.name}>{name}</span>
      </h1>
    </>
  );
  if (may && computer) {
    return (
      <main className={classes.page} style={{ height }}>
        <PromptDesk key={id} place={{ kind: "computers", id }} name={name} lead={head} />
      </main>
    );
  }
  return (
    <div className={classes.page} style={{ height }}>
      <header className={classes.head}>{head}</header>
      <main className={classes.empty}>
        {may && error && !missing && <FaultBanner error={error} retry={refetch} />}
        {(!may || missing) && (
          <EmptyState icon={IconTerminal2} title={may ? t("prompt.noComputer") : t("prompt.forbidden")}>
            <p>{may ? t("prompt.noComputerText") : t("prompt.forbiddenText")}</p>
            <Button variant="filled" onClick={() => navigate(back.to)}>
              {back.label}
            </Button>
          </EmptyState>
        )}
      </main>
    </div>
  );
}
