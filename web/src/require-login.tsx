import { useMantineColorScheme } from "@mantine/core";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { Activity, lazy, Suspense, useEffect, useState } from "react";
import { Navigate, Outlet, useLocation } from "react-router";
import { keepsData, type Me, MeContext, meQuery } from "./api/me";
import { FaultBanner } from "./components/banner";
import { switchLanguage } from "./i18n/setup";
import { Calls } from "./live/calls";
import { LiveProvider } from "./live/live-provider";
import { ReadyAlerts } from "./live/ready-alerts";
import classes from "./require-login.module.css";

const LoginHere = lazy(async () => ({ default: (await import("./pages/login")).LoginHere }));

/** A view is a connection, which ends with the login: it is opened anew afterwards. */
const isView = (pathname: string) => /\/(viewer|prompt)$/.test(pathname);

/**
 * Everything below is for an agent who is logged in. Others are led to the login page and back. Whose login ends in the middle of something
 * logs in above the page, which is hidden meanwhile and keeps what was typed into it.
 */
export function RequireLogin() {
  const { pathname, search } = useLocation();
  const queries = useQueryClient();
  const { data, error, refetch } = useQuery(meQuery);
  const [me, setMe] = useState(data);
  if (data && data !== me) setMe(data);
  const over = data === null;
  if (over && (!me || isView(pathname) || !keepsData(queries))) {
    const back = pathname === "/" || pathname === "/sessions" ? "" : `?return=${encodeURIComponent(pathname + search)}`;
    return <Navigate to={`/login${back}`} replace />;
  }
  if (!me) {
    if (!error) return null;
    return (
      <div className={classes.fault}>
        <FaultBanner error={error} retry={refetch} />
      </div>
    );
  }
  return (
    <>
      {over && (
        <Suspense>
          <LoginHere />
        </Suspense>
      )}
      <Activity key={me.id} mode={over ? "hidden" : "visible"}>
        <MeContext value={me}>
          <LiveProvider>
            <Wishes me={me} />
            <ReadyAlerts />
            <Outlet />
            <Calls />
          </LiveProvider>
        </MeContext>
      </Activity>
    </>
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
