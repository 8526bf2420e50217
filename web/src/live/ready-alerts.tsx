import { useQuery } from "@tanstack/react-query";
import { useEffect, useRef } from "react";
import { useTranslation } from "react-i18next";
import { useNavigate } from "react-router";
import { sessionsQuery } from "../api/sessions";
import { setTitleBadge } from "../components/use-title";
import { allowSound, chime } from "./chime";
import { newlyReady, type Standing, standing } from "./newly-ready";
import { useBadgeSwitch, useNotificationSwitch, useSoundSwitch } from "./use-alerts";

/** Tells an agent who is elsewhere that somebody is ready: by a sound, a notification and a number in the tab's title. */
export function ReadyAlerts() {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const { data: sessions } = useQuery(sessionsQuery(false));
  const [sound] = useSoundSwitch();
  const [notify] = useNotificationSwitch();
  const [badge] = useBadgeSwitch();
  const before = useRef<Standing | undefined>(undefined);
  const unseen = useRef(0);

  useEffect(() => {
    for (const act of ["pointerdown", "keydown"]) addEventListener(act, allowSound, { once: true, capture: true });
    return () => {
      for (const act of ["pointerdown", "keydown"]) removeEventListener(act, allowSound, { capture: true });
    };
  }, []);

  useEffect(() => {
    const seen = () => {
      if (document.hidden) return;
      unseen.current = 0;
      setTitleBadge(0);
    };
    document.addEventListener("visibilitychange", seen);
    return () => {
      document.removeEventListener("visibilitychange", seen);
      setTitleBadge(0);
    };
  }, []);

  useEffect(() => {
    if (!sessions) return;
    const ready = before.current ? newlyReady(before.current, sessions) : [];
    before.current = standing(sessions);
    if (ready.length === 0) return;
    if (sound) chime();
    if (!document.hidden) return;
    unseen.current += ready.length;
    if (badge) setTitleBadge(unseen.current);
    if (!notify || typeof Notification === "undefined" || Notification.permission !== "granted") return;
    for (const session of ready) {
      const name = session.endUserName || session.userName || session.computer;
      const note = new Notification(t("alerts.ready", { name }), {
        body: session.ticket ? t("alerts.ticket", { ticket: session.ticket }) : session.computer,
        tag: session.id,
      });
      note.onclick = () => {
        window.focus();
        note.close();
        navigate("/sessions");
      };
    }
  }, [sessions, sound, notify, badge, navigate, t]);
  return null;
}
