import { Button } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useEffect, useRef } from "react";
import { useTranslation } from "react-i18next";
import { useNavigate } from "react-router";
import { type Call, callsQuery, useDismissCall } from "../api/calls";
import classes from "./calls.module.css";
import { chime } from "./chime";
import { useNotificationSwitch, useSoundSwitch } from "./use-alerts";

/** Calls of other agents: to join a session, or to take over one that they gave away. They stay until they are answered. */
export function Calls() {
  const { t } = useTranslation();
  const { data: calls = [] } = useQuery(callsQuery);
  useAlert(calls);
  return (
    <section className={classes.calls} aria-label={t("calls.title")} aria-live="polite">
      {calls.map((call) => (
        <OneCall key={call.sessionId} call={call} />
      ))}
    </section>
  );
}

const nameOf = (call: Call) => call.endUserName || call.computer;

function useSentence() {
  const { t } = useTranslation();
  return (call: Call) =>
    call.kind === "transferred"
      ? t("calls.transferred", { by: call.by, name: nameOf(call) })
      : t("calls.invited", { by: call.by, name: nameOf(call) });
}

function OneCall({ call }: { call: Call }) {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const dismiss = useDismissCall();
  const sentence = useSentence();
  return (
    <div className={classes.call}>
      <p>{sentence(call)}</p>
      {call.ticket && <p className={classes.ticket}>{t("sessions.ticket", { ticket: call.ticket })}</p>}
      <div className={classes.buttons}>
        <Button size="compact-sm" variant="subtle" onClick={() => dismiss.mutate(call.sessionId)}>
          {t("calls.dismiss")}
        </Button>
        <Button size="compact-sm" variant="filled" onClick={() => navigate(`/sessions/${call.sessionId}/viewer`)}>
          {call.kind === "transferred" ? t("sessions.connect") : t("sessions.join")}
        </Button>
      </div>
    </div>
  );
}

/** A sound, and for an agent who is elsewhere a notification, for each new call. */
function useAlert(calls: readonly Call[]) {
  const { t } = useTranslation();
  const [sound] = useSoundSwitch();
  const [notify] = useNotificationSwitch();
  const sentence = useSentence();
  const known = useRef(new Set<string>());
  useEffect(() => {
    const fresh = calls.filter((call) => !known.current.has(call.sessionId + call.at));
    for (const call of fresh) known.current.add(call.sessionId + call.at);
    if (fresh.length === 0) return;
    if (sound) chime();
    const may = typeof Notification !== "undefined" && Notification.permission === "granted";
    if (!document.hidden || !notify || !may) return;
    for (const call of fresh) {
      const note = new Notification(sentence(call), { body: t("calls.title"), tag: `call-${call.sessionId}` });
      note.onclick = () => window.focus();
    }
  });
}
