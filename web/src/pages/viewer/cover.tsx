import { useState } from "react";
import { useTranslation } from "react-i18next";
import classes from "./curtain.module.css";

/** Over a picture or a terminal that is not there yet. */
export function Connecting({ name }: { name: string }) {
  const { t } = useTranslation();
  return (
    <div className={classes.curtain} role="status">
      <div className={classes.card}>
        <p className={classes.lead}>{name ? t("viewer.connectingTo", { name }) : t("viewer.connecting")}</p>
        <div className={classes.progress} aria-hidden />
      </div>
    </div>
  );
}

interface AskingProps {
  lead: string;
  words: readonly string[] | undefined;
  secondsLeft: number | undefined;
}

/** The end-user decides. Both sides see the same two words, so that the end-user can ask the agent to read them out. */
export function Asking({ lead, words, secondsLeft: left }: AskingProps) {
  const { t } = useTranslation();
  const [whole, setWhole] = useState(left ?? 0);
  if (left !== undefined && left > whole) setWhole(left);
  return (
    <div className={classes.curtain}>
      <div className={classes.card}>
        <p className={classes.lead} role="status">
          {lead}
        </p>
        {words && (
          <>
            <p className={classes.words} data-testid="asking-words">
              {words.map((word) => (
                <span key={word}>{word}</span>
              ))}
            </p>
            <p className={classes.text}>{t("asking.words")}</p>
          </>
        )}
        {left !== undefined && (
          <div className={classes.time}>
            <div className={classes.bar} aria-hidden>
              <div style={{ width: `${whole > 0 ? (100 * left) / whole : 0}%` }} />
            </div>
            <span role="timer" aria-live="off">
              {t("asking.left", { count: left })}
            </span>
          </div>
        )}
      </div>
    </div>
  );
}

/** A word over a picture or a terminal that stays in sight. */
export function Pill({ text, busy }: { text: string; busy?: boolean }) {
  return (
    <div className={classes.pill} role="status" data-busy={busy || undefined}>
      {text}
      {busy && <div className={classes.progress} aria-hidden />}
    </div>
  );
}
