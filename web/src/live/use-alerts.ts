import { useState } from "react";
import { useSwitch } from "../components/use-preference";
import { chime } from "./chime";

// How the agent hears that somebody is ready: kept in this browser, since each desk has its own loudspeaker.

export const useSoundSwitch = () => useSwitch("sound", true);
export const useNotificationSwitch = () => useSwitch("notifications", false);
export const useBadgeSwitch = () => useSwitch("title-badge", true);

/** The switches for a menu or a form: turning the sound on plays it, turning notifications on asks the browser for leave. */
export function useAlerts() {
  const [sound, setSound] = useSoundSwitch();
  const [notify, setNotify] = useNotificationSwitch();
  const [badge, setBadge] = useBadgeSwitch();
  const possible = typeof Notification !== "undefined";
  const [refused, setRefused] = useState(possible && Notification.permission === "denied");
  return {
    sound,
    setSound: (on: boolean) => {
      setSound(on);
      if (on) chime();
    },
    /** Whether this browser shows notifications at all. */
    possible,
    /** It does not let this page. */
    refused,
    notify: notify && !refused,
    setNotify: async (on: boolean) => {
      const permission = on ? await Notification.requestPermission() : Notification.permission;
      setRefused(permission === "denied");
      setNotify(on && permission === "granted");
    },
    badge,
    setBadge,
  };
}
