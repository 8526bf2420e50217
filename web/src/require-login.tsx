import { useMantineColorScheme } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useEffect } from "react";
import { Navigate, Outlet, useLocation } from "react-router";
import { type Me, MeContext, meQuery } from "./api/me";
import { FaultBanner } from "./components/banner";
import { switchLanguage } from "./i18n/setup";
import { Calls } from "./live/calls";
import { LiveProvider } from "./live/live-provider";
import { ReadyAlerts } from "./live/ready-alerts";
import classes from "./require-login.module.css";

/** Everything below is for an agent who is logged in. Others are led to the login page and back. */
export function RequireLogin() {
  const { pathname, search } = useLocation();
  const { data: me, error, refetch } = useQuery(meQuery);
  if (me === null) {
    const back = pathname === "/" || pathname === "/sessions" ? "" : `?return=${encodeURIComponent(pathname + search)}`;
    return <Navigate to={`/login${back}`} replace />;
  }
  if (me === undefined) {
    if (!error) return null;
    return (
      <div className={classes.fault}>
        <FaultBanner error={error} retry={refetch} />
      </div>
    );
  }
  return (
    <MeContext value={me}>
      <LiveProvider>
        <Wishes me={me} />
        <ReadyAlerts />
        <Outlet />
        <Calls />
      </LiveProvider>
    </MeContext>
  );
}

/** The agent's own language and theme. */
function Wishes({ me }: { me: Me }) {
  const { setColorScheme } = useMantineColorScheme();
  useEffect(() => {
    void switchLanguage(me.language);
  }, [me.language]);
  useEffect(() => setColorScheme(me.theme || "auto"), [me.theme, setColorScheme]);
  return null;
}
