import { Button } from "@mantine/core";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { Fault } from "../../api/fault";
import { useFaultText } from "../../components/fault-text";
import { useReason } from "../../components/use-reason";
import { useFormat } from "../../i18n/format";
import type { Tab } from "../../terminal/desk";
import curtain from "../viewer/curtain.module.css";
import classes from "./state-card.module.css";

interface StateCardProps {
  tab: Tab;
  name: string;
  onAgain: () => void;
  onClose: () => void;
}

/** What lies over a terminal when its shell is not there: what was on it stays in sight. */
export function StateCard(props: StateCardProps) {
  const { tab, name } = props;
  const { t } = useTranslation();
  switch (tab.state.phase) {
    case "open":
      return null;
    case "connecting":
      return (
        <div className={curtain.curtain} role="status">
          <div className={curtain.card}>
            <p className={curtain.lead}>{name ? t("viewer.connectingTo", { name }) : t("viewer.connecting")}</p>
            <div className={curtain.progress} aria-hidden />
          </div>
        </div>
      );
    case "asking":
      return <Asking {...props} />;
    case "paused":
      return (
        <div className={curtain.pill} role="status">
          {t("viewer.paused")}
        </div>
      );
    case "reconnecting":
      return (
        <div className={curtain.pill} role="status" data-busy>
          {t("viewer.reconnecting")}
          <div className={curtain.progress} aria-hidden />
        </div>
      );
    case "ended":
      return <Ended {...props} />;
  }
}

/** The end-user decides. Both sides see the same two words. */
function Asking({ tab, name }: StateCardProps) {
  const { t } = useTranslation();
  const { secondsLeft: left, words } = tab.state;
  const [whole, setWhole] = useState(left ?? 0);
  if (left !== undefined && left > whole) setWhole(left);
  return (
    <div className={curtain.curtain}>
      <div className={curtain.card}>
        <p className={curtain.lead} role="status">
          {name ? t("prompt.asking", { name }) : t("prompt.askingNoName")}
        </p>
        {words && (
          <>
            <p className={curtain.words} data-testid="asking-words">
              {words.map((word) => (
                <span key={word}>{word}</span>
              ))}
            </p>
            <p className={curtain.text}>{t("asking.words")}</p>
          </>
        )}
        {left !== undefined && (
          <div className={curtain.time}>
            <div className={curtain.bar} aria-hidden>
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

function Ended({ tab, onAgain, onClose }: StateCardProps) {
  const { t } = useTranslation();
  const text = useEnding(tab);
  const buttons = (
    <>
      <Button onClick={onClose}>{t("action.close")}</Button>
      <Button variant="filled" onClick={onAgain}>
        {t("prompt.again")}
      </Button>
    </>
  );
  if (tab.state.shell !== undefined) {
    return (
      <div className={classes.end} role="alert">
        <p className={classes.text}>{text}</p>
        {buttons}
      </div>
    );
  }
  return (
    <div className={curtain.curtain}>
      <div className={curtain.card} role="alert">
        <h2 className={curtain.lead}>{t("prompt.notOpened")}</h2>
        <p className={curtain.text}>{text}</p>
        {tab.state.detail && <p className={curtain.text}>{tab.state.detail}</p>}
        <div className={curtain.buttons}>{buttons}</div>
      </div>
    </div>
  );
}

/** Why a prompt is over, as a sentence. */
function useEnding({ state, fault }: Tab): string {
  const { t } = useTranslation();
  const format = useFormat();
  const sentence = useReason();
  const faultText = useFaultText();
  const { reason = "internal", exitCode } = state;
  if (reason === "shell-ended" && exitCode) return t("prompt.exitCode", { code: format.number(exitCode) });
  if (reason === "not-found") return t("prompt.gone");
  if (fault instanceof Fault && fault.code === reason) return faultText(fault).text;
  return sentence(reason);
}
