import { Button } from "@mantine/core";
import { IconPointer } from "@tabler/icons-react";
import { useEffect, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import type { Viewer, ViewerState } from "../../viewer/state";
import { companyOf } from "./company";
import classes from "./no-picture.module.css";
import { useLeft } from "./use-left";

/** How long what has happened is told, ms. */
const toldFor = 5000;

/** Who asks for control, with the answers; and for a moment what came of it. */
export function ControlWord({ state, viewer }: { state: ViewerState; viewer: Viewer | undefined }) {
  const { t } = useTranslation();
  const { question } = state;
  const { asked, mine, owner } = companyOf(state);
  const left = useLeft(question?.state === "open" ? question.secondsLeft : 0, question);
  const news = useNews(state);
  if (question?.state === "open" && (mine || asked)) {
    return (
      <div className={`${classes.place} ${classes.low}`} role={asked ? "status" : "alert"}>
        <IconPointer size={18} stroke={1.75} aria-hidden />
        <span>
          {asked ? t("control.asking", { name: owner?.name ?? "" }) : t("control.asks", { name: question.name })}{" "}
          <span aria-hidden>{t("control.left", { count: left })}</span>
        </span>
        {asked ? (
          <Button size="compact-sm" onClick={() => viewer?.wish({ action: "release" })}>
            {t("action.cancel")}
          </Button>
        ) : (
          <>
            <Button size="compact-sm" onClick={() => viewer?.wish({ action: "not-now", agentId: question.agentId })}>
              {t("control.notNow")}
            </Button>
            <Button
              size="compact-sm"
              variant="filled"
              onClick={() => viewer?.wish({ action: "hand-over", agentId: question.agentId })}
            >
              {t("control.handOver")}
            </Button>
          </>
        )}
      </div>
    );
  }
  if (!news) return null;
  return (
    <div className={`${classes.place} ${classes.low}`} role="status">
      <IconPointer size={18} stroke={1.75} aria-hidden />
      <span>{news}</span>
    </div>
  );
}

/** What has become of the control, for a moment. */
function useNews(state: ViewerState): string | undefined {
  const { t } = useTranslation();
  const { question, ownerId, watchers } = state;
  const { you, owner } = companyOf(state);
  const [news, setNews] = useState<string>();
  const before = useRef<string | undefined>(undefined);
  const youId = you?.agentId;

  useEffect(() => {
    if (question?.agentId !== youId) return;
    if (question?.state === "not-now") setNews(t("control.refused"));
    if (question?.state === "unanswered") setNews(t("control.unanswered"));
  }, [question, youId, t]);

  useEffect(() => {
    const was = before.current;
    before.current = ownerId;
    if (was === undefined || ownerId === undefined || was === ownerId || (watchers?.length ?? 0) < 2) return;
    if (ownerId === youId) setNews(t("control.yours"));
    else if (ownerId === "") setNews(t("control.free"));
    else setNews(t("control.theirs", { name: owner?.name ?? "" }));
  }, [ownerId, watchers, youId, owner, t]);

  useEffect(() => {
    if (!news) return;
    const timer = setTimeout(() => setNews(undefined), toldFor);
    return () => clearTimeout(timer);
  }, [news]);
  return news;
}
