import { type Ref, useEffect, useLayoutEffect, useRef, useState } from "react";

interface MenuOpenerProps {
  button: HTMLElement;
  /** The button was scrolled or taken away. */
  onGone: () => void;
  /** Those of a Menu.Target's child. */
  ref?: Ref<HTMLElement>;
  "aria-expanded"?: boolean;
  "aria-controls"?: string;
}

/**
 * The child of a Menu.Target for a menu that serves many rows: it stands for the button in one of them, and says of that whether the menu is open, and
 * which it is. The button's id is the Menu's as well.
 */
export function MenuOpener({ button, onGone, ref, ...aria }: MenuOpenerProps) {
  const { "aria-expanded": expanded = false, "aria-controls": controls } = aria;
  const gone = useRef(onGone);
  gone.current = onGone;
  useLayoutEffect(() => {
    if (typeof ref === "function") ref(button);
  }, [button, ref]);
  useLayoutEffect(() => {
    button.setAttribute("aria-expanded", String(expanded));
    if (controls) button.setAttribute("aria-controls", controls);
    return () => {
      button.setAttribute("aria-expanded", "false");
      button.removeAttribute("aria-controls");
    };
  }, [button, expanded, controls]);
  useEffect(() => {
    if (!expanded) return;
    const observer = new IntersectionObserver((seen) => {
      if (seen.some((one) => !one.isIntersecting)) gone.current();
    });
    observer.observe(button);
    return () => observer.disconnect();
  }, [button, expanded]);
  return null;
}

/** Whether a menu for many rows is open: at first it is not, since a Menu that begins open does not know where the focus goes back to. */
export function useOpened({ opened }: OpenMenu): boolean {
  const [there, setThere] = useState(false);
  useLayoutEffect(() => setThere(true), []);
  return there && opened;
}

/** What one menu for many rows is open for. */
export interface OpenMenu {
  id: string;
  button: HTMLElement;
  /** False while it fades out. */
  opened: boolean;
}

/** The state of a menu that serves many rows. */
export function useMenuOfMany() {
  const [menu, setMenu] = useState<OpenMenu>();
  const [acts] = useState(() => ({
    /** Opens it for a row, or closes it when it is open there. */
    toggle: (id: string, button: HTMLElement) =>
      setMenu((was) => ({ id, button, opened: !(was?.opened && was.button === button) })),
    close: () => setMenu((was) => was && { ...was, opened: false }),
  }));
  return { menu, ...acts };
}
