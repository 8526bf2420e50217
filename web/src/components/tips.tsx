import { Tooltip } from "@mantine/core";
import { type PointerEvent, type ReactNode, useEffect, useRef, useState } from "react";
import { useFormat } from "../i18n/format";

/** As long as Mantine's tooltips wait here, milliseconds. */
const WAIT = 350;

/**
 * One tooltip for all that is within: what an element's data-tip says, or the exact time of a <time>. A list of many rows has it in place of a
 * tooltip for each of their buttons.
 */
export function Tips({ children }: { children: ReactNode }) {
  const format = useFormat();
  const [shown, setShown] = useState<HTMLElement>();
  const over = useRef<HTMLElement>(undefined);
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  const hide = () => {
    clearTimeout(timer.current);
    over.current = undefined;
    setShown(undefined);
  };
  useEffect(() => () => clearTimeout(timer.current), []);
  useEffect(() => {
    if (!shown) return;
    const dismiss = ({ key }: KeyboardEvent) => key === "Escape" && hide();
    document.addEventListener("keydown", dismiss);
    return () => document.removeEventListener("keydown", dismiss);
  });
  const enter = ({ target, pointerType }: PointerEvent) => {
    const element = target instanceof Element ? target.closest<HTMLElement>("[data-tip], time") : null;
    if (element === (over.current ?? null)) return;
    hide();
    if (!element || pointerType === "touch") return;
    over.current = element;
    timer.current = setTimeout(() => element.isConnected && setShown(element), WAIT);
  };
  const text = shown && (shown.dataset.tip ?? format.exact(shown.getAttribute("datetime") ?? ""));
  return (
    <div onPointerOver={enter} onPointerLeave={hide} onPointerDown={hide}>
      {children}
      {shown && <Tooltip target={shown} label={text} opened />}
    </div>
  );
}
