import { Button } from "@mantine/core";
import { useTranslation } from "react-i18next";
import { useNavigate } from "react-router";
import type { Fault } from "../../api/fault";
import { useFaultText } from "../../components/fault-text";
import { useReason } from "../../components/use-reason";
import type { ViewerState } from "../../viewer/state";
import { Asking, Connecting, Pill } from "./cover";
import classes from "./curtain.module.css";
import type { Back } from "./viewer-screen";

/** After these another try may succeed at once. */
const again = new Set([
  "client-lost",
  "viewer-lost",
  "server-stopping",
  "bad-ticket",
  "timeout",
  "too-slow",
  "protocol",
  "internal",
  "unanswered",
  "offline",
  "conflict",
  "unavailable",
  "unreachable",
  "throttled",
  "replaced",
]);

interface CurtainProps {
  state: ViewerState;
  name: string;
  unattended: boolean;
  fault: Fault | undefined;
  back: Back;
  onAgain: () => void;
}

/** What lies over the picture when it is not live: soft, so that the last picture stays in sight. */
export function Curtain(props: CurtainProps) {
  const { state, name } = props;
  const { t } = useTranslation();
  switch (state.phase) {
    case "live":
      return null;
    case "connecting":
      return <Connecting name={name} />;
    case "asking":
      return (
        <Asking
          lead={name ? t("asking.title", { name }) : t("asking.titleNoName")}
          words={state.words}
          secondsLeft={state.secondsLeft}
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

function Ended({ state, fault, back, onAgain }: CurtainProps) {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const sentence = useReason();
  const faultText = useFaultText();
  const reason = state.reason ?? "internal";
  const refused = fault !== undefined && (fault.code === reason || reason === "" || reason === "refused");
  const over = !refused && (state.width > 0 || reason.startsWith("ended-by"));
  const said = refused ? faultText(fault) : undefined;
  return (
    <div className={classes.curtain}>
      <div className={classes.card} role="alert">
        <h2 className={classes.lead}>{over ? t("ended.title") : t("ended.notConnected")}</h2>
        <p className={classes.text}>{said ? said.text : sentence(reason)}</p>
        {said?.quote && <p className={classes.text}>{said.quote}</p>}
        <div className={classes.buttons}>
          {again.has(reason) && <Button onClick={onAgain}>{t("ended.again")}</Button>}
          <Button variant="filled" onClick={() => navigate(back.to)} autoFocus>
            {back.label}
          </Button>
        </div>
      </div>
    </div>
  );
}
