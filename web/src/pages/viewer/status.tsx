import { Tooltip, VisuallyHidden } from "@mantine/core";
import { IconLock } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import { useFormat } from "../../i18n/format";
import type { ViewerState } from "../../viewer/state";
import classes from "./status.module.css";

/** A delay there and back that one feels in every key, ms. */
const slow = 250;

/** How the connection is, in one small place: delay, frames, relayed, encrypted and the matching words. */
export function Status({ state }: { state: ViewerState }) {
  const { t } = useTranslation();
  const format = useFormat();
  const live = state.phase === "live" || state.phase === "paused";
  return (
    <div className={classes.status}>
      {live && (
        <Tooltip label={t("viewer.relayedText")}>
          <span className={classes.line}>
            {state.delayMs !== undefined && (
              <span className={classes.figure}>
                {t("viewer.delay", { ms: format.number(Math.round(state.delayMs)) })}
              </span>
            )}
            {state.delayMs !== undefined && state.delayMs >= slow && (
              <span className={classes.slow}>{t("viewer.slowLine")}</span>
            )}
            <span className={classes.figure}>{t("viewer.frames", { frames: format.number(state.fps) })}</span>
            <span>{t("viewer.relayed")}</span>
          </span>
        </Tooltip>
      )}
      {state.words && (
        <Tooltip label={t("viewer.wordsText")} multiline>
          <span className={classes.words} data-testid="words">
            <IconLock size={14} stroke={2} aria-hidden />
            <VisuallyHidden>{t("viewer.encrypted")}</VisuallyHidden>
            <span lang="">{state.words.join(" ")}</span>
          </span>
        </Tooltip>
      )}
    </div>
  );
}
