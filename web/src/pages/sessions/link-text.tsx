import classes from "./link-panel.module.css";

/** A link as people read it: where it leads is quiet, what makes it theirs stands out. Selecting it gives the exact text. */
export function LinkText({ url }: { url: string }) {
  const { origin, pathname, search } = new URL(url);
  return (
    <output className={classes.url} data-testid="link">
      <span className={classes.origin}>{origin}</span>
      <span>{pathname}</span>
      {search && <span className={classes.query}>{search}</span>}
    </output>
  );
}
