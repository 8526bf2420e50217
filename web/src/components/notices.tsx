import { notificationsStore } from "@mantine/notifications";
import { lazy, Suspense, useState, useSyncExternalStore } from "react";

const Corner = lazy(async () => ({ default: (await import("./notices-corner")).NoticesCorner }));

const some = () => notificationsStore.getState().notifications.length > 0;

/** What notifications.show() says, in a corner of the page; fetched with the first of them. */
export function Notices() {
  const [met, setMet] = useState(false);
  const any = useSyncExternalStore(notificationsStore.subscribe, some);
  if (any && !met) setMet(true);
  return <Suspense>{met && <Corner />}</Suspense>;
}
