import { useTranslation } from "react-i18next";
import type { LogDetails, LogEvent } from "../../api/logs";
import classes from "../../components/details-aside.module.css";
import { useAct } from "../../components/use-act";
import { useReason } from "../../components/use-reason";
import { useFormat } from "../../i18n/format";

/** What happened in a session, by its audit events. */
export function Timeline({ details }: { details: LogDetails }) {
  const format = useFormat();
  const say = useSentence(details);
  return (
    <ol className={classes.timeline}>
      {details.events.map((event) => (
        <li key={event.sequence}>
          <time dateTime={event.at}>{format.second(event.at)}</time>
          <span>{say(event)}</span>
        </li>
      ))}
    </ol>
  );
}

function useSentence(details: LogDetails): (event: LogEvent) => string {
  const { t } = useTranslation();
  const reason = useReason();
  const act = useAct();
  return (event) => {
    const agent = details.viewers.find((one) => one.viewerId === event.subject)?.agentName ?? event.actor;
    const joined = details.participants.find((one) => one.participantId === event.detail.participant);
    const computer = joined?.computer || event.detail.computer || details.computer;
    switch (event.verb) {
      case "session.start":
        return t("event.start", { computer });
      case "session.join":
        return t("event.join", { computer });
      case "session.leave":
        return t("event.leave", { computer });
      case "session.share":
        return t("event.share", { computer });
      case "session.separate":
        return t("event.separate", { agent, computer });
      case "session.transfer":
        return t("event.transfer", { agent, from: event.detail.from ?? "", to: event.detail.to ?? "" });
      case "session.call":
        return t("event.call", { agent, name: event.detail.agent ?? "" });
      case "session.note":
        return t("event.note", { agent });
      case "session.end":
        return t("event.end", { reason: reason(details.endReason, details.endedBy) });
      case "viewer.open":
        return t("event.open", { agent });
      case "viewer.allow":
        return event.detail.level === "control" ? t("event.control", { agent }) : t("event.view", { agent });
      case "viewer.close":
        return t("event.close", { agent, reason: reason(event.detail.reason ?? "") });
    }
    return t("event.other", { verb: act(event.verb), agent });
  };
}
