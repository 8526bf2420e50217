import { createContext, type ReactNode, type RefObject, useContext, useRef } from "react";
import classes from "./page.module.css";
import { useTitle } from "./use-title";

const Scroller = createContext<RefObject<HTMLElement | null>>({ current: null });

/** The element that scrolls a page's content; lists that draw only what is seen need it. */
export const usePageScroller = () => useContext(Scroller);

/**
 * A page of the console: one title, what acts on the whole page beside it, and the content, which scrolls below. Where there
 * is only something to read (and so nothing to lead the focus down), the content itself takes the focus, to be scrolled by keys.
 */
export function Page(props: {
  title: string;
  tools?: ReactNode;
  /** Between the title and the content; it does not scroll. */
  below?: ReactNode;
  reading?: boolean;
  /** At the left of the content, scrolling by itself; not on narrow windows. */
  rail?: ReactNode;
  /** At the right of the content, as high. */
  aside?: ReactNode;
  children: ReactNode;
}) {
  const { title, tools, below, reading, rail, aside, children } = props;
  const scroller = useRef<HTMLDivElement>(null);
  useTitle(title);
  return (
    <>
      <div className={classes.head}>
        <h1 className={classes.title}>{title}</h1>
        <div className={classes.tools}>{tools}</div>
      </div>
      {below}
      <div className={classes.body}>
        {rail && <div className={classes.rail}>{rail}</div>}
        <div
          ref={scroller}
          className={classes.scroller}
          {...(reading ? { role: "region", "aria-label": title, tabIndex: 0 } : {})}
        >
          <Scroller value={scroller}>{children}</Scroller>
        </div>
        {aside}
      </div>
    </>
  );
}
