import { useCallback, useEffect, useRef, useState } from "react";

/** How near to the top edge the pointer calls the bar, and how long the bar stays without it. */
const EDGE = 4;
const STAY = 900;

export interface FullScreen {
  on: boolean;
  /** The toolbar lies above the picture, and hides. */
  barHides: boolean;
  toggle(): void;
  barShown: boolean;
  /** Shows the bar for a moment. */
  reveal(): void;
  barProps: { onPointerEnter(): void; onPointerLeave(): void };
}

/**
 * Full screen, where the toolbar hides. (The viewer core takes the browser's own shortcuts to the other side.) covered: the picture needs
 * the whole window, so that the toolbar hides there as well.
 */
export function useFullScreen(covered: boolean): FullScreen {
  const [on, setOn] = useState(false);
  const [barShown, setBarShown] = useState(false);
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);

  const hideSoon = useCallback(() => {
    clearTimeout(timer.current);
    timer.current = setTimeout(() => setBarShown(false), STAY);
  }, []);
  const show = useCallback(() => {
    clearTimeout(timer.current);
    setBarShown(true);
  }, []);
  const reveal = useCallback(() => {
    show();
    hideSoon();
  }, [show, hideSoon]);

  const barHides = on || covered;

  useEffect(() => {
    const changed = () => setOn(document.fullscreenElement !== null);
    document.addEventListener("fullscreenchange", changed);
    return () => {
      document.removeEventListener("fullscreenchange", changed);
      clearTimeout(timer.current);
      if (document.fullscreenElement) void document.exitFullscreen();
    };
  }, []);

  useEffect(() => {
    if (!barHides) return;
    reveal();
    const moved = (event: PointerEvent) => {
      if (event.clientY <= EDGE) reveal();
    };
    window.addEventListener("pointermove", moved, { capture: true, passive: true });
    return () => window.removeEventListener("pointermove", moved, { capture: true });
  }, [barHides, reveal]);

  const toggle = useCallback(() => {
    if (document.fullscreenElement) void document.exitFullscreen();
    // The whole document, so that menus and dialogs are seen, too.
    else document.documentElement.requestFullscreen().catch(() => {});
  }, []);

  return { on, barHides, toggle, barShown, reveal, barProps: { onPointerEnter: show, onPointerLeave: hideSoon } };
}
