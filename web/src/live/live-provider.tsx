import { useQueryClient } from "@tanstack/react-query";
import { createContext, type ReactNode, useContext, useEffect, useState, useSyncExternalStore } from "react";
import { eventsUrl, Live, type LiveState } from "./events";

const LiveContext = createContext<Live | null>(null);

/** Keeps the live connection open while its children are there. */
export function LiveProvider({ children }: { children: ReactNode }) {
  const queries = useQueryClient();
  const [live] = useState(() => new Live({ queries, url: eventsUrl() }));
  useEffect(() => {
    live.start();
    return () => live.stop();
  }, [live]);
  return <LiveContext value={live}>{children}</LiveContext>;
}

const never = () => () => {};

/** Whether the pages are live, and how to try again at once. */
export function useLive(): { state: LiveState; retry: () => void } {
  const live = useContext(LiveContext);
  const state = useSyncExternalStore<LiveState>(live?.subscribe ?? never, live?.getState ?? (() => "connecting"));
  return { state, retry: () => live?.now() };
}
