import { Button } from "@mantine/core";
import { useTranslation } from "react-i18next";
import { Fault } from "../../api/fault";
import { useFaultText } from "../../components/fault-text";
import { useReason } from "../../components/use-reason";
import { useFormat } from "../../i18n/format";
import type { Tab } from "../../terminal/desk";
import { Asking, Connecting, Pill } from "../viewer/cover";
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
      return <Connecting name={name} />;
    case "asking":
      return (
        <Asking
          lead={name ? t("prompt.asking", { name }) : t("prompt.askingNoName")}
          words={tab.state.words}
          secondsLeft={tab.state.secondsLeft}
        />
      );
    case "paused":
      return <Pill text={t("viewer.paused")} />;
    case "reconnecting":
      return <Pill text={t("viewer.reconnecting")} busy />;
    case "ended":
      return <Ended {...props} />;
  }
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
