// Scripts that the first page does without are fetched when it is at rest, so that a click finds them there.

/** Safari has no idle callbacks: there it is some time later. */
const whenIdle = (run: () => void) => {
  if (typeof requestIdleCallback === "function") requestIdleCallback(run);
  else setTimeout(run, 1500);
};

/** For lazy(): fetches a script when it is first asked for, or before that when there is nothing else to do. */
export function ahead<T>(load: () => Promise<T>): () => Promise<T> {
  let loaded: Promise<T> | undefined;
  const once = () => {
    loaded ??= load().catch((fault) => {
      loaded = undefined; // a network that was gone for a moment must not keep it away
      throw fault;
    });
    return loaded;
  };
  whenIdle(() => void once().catch(() => {}));
  return once;
}
