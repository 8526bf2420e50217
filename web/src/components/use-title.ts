import { useEffect, useSyncExternalStore } from "react";

// The tab's title: how many end-users became ready while nobody looked, what is on the page, the product.

let badge = 0;
const watchers = new Set<() => void>();

/** Puts a number before the tab's title; 0 takes it away. */
export function setTitleBadge(count: number): void {
  if (count === badge) return;
  badge = count;
  for (const each of watchers) each();
}

function subscribe(watcher: () => void): () => void {
  watchers.add(watcher);
  return () => watchers.delete(watcher);
}

export function useTitle(page: string): void {
  const count = useSyncExternalStore(subscribe, () => badge);
  useEffect(() => {
    document.title = `${count > 0 ? `(${count}) ` : ""}${page} · Deskhand`;
  }, [count, page]);
}
