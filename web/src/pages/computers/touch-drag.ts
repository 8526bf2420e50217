import { type Source, targetAt } from "./drag-targets";
import classes from "./touch-drag.module.css";

// A finger that rests on a thing drags it: the browsers' own drag and drop is for the mouse alone on some systems.

/** How long a finger rests before it drags, milliseconds: before the browser's own menu would come. */
const HOLD = 400;
/** Further than this many pixels the finger scrolls. */
const SLACK = 10;
/** So near to its upper or lower edge the tree scrolls, pixels, and by so much in each frame. */
const EDGE = 40;
const STEP = 8;

/** Lets what stands in a frame be dragged by touch; gives what ends that. */
export function dragByTouch(frame: HTMLElement, find: (at: Element) => Source | undefined): () => void {
  let end = () => {};
  const start = (event: TouchEvent) => {
    end();
    const [touch] = event.touches;
    const at = event.target;
    if (!touch || event.touches.length > 1 || !(at instanceof Element) || at.closest("button, input")) return;
    const source = find(at);
    if (source) end = hold(source, at, touch);
  };
  // What is not passive must be there before the finger is, or the browser scrolls without asking.
  const ask = () => {};
  frame.addEventListener("touchstart", start, { passive: true });
  frame.addEventListener("touchmove", ask, { passive: false });
  return () => {
    end();
    frame.removeEventListener("touchstart", start);
    frame.removeEventListener("touchmove", ask);
  };
}

/** Waits whether a finger rests, and drags with it; gives what ends that without a drop. The row may be gone before the finger is lifted. */
function hold(source: Source, at: Element, first: Touch): () => void {
  let drag: Drag | undefined;
  const timer = setTimeout(() => {
    drag = beginDrag(source, first.clientX, first.clientY);
  }, HOLD);
  const listening = new AbortController();
  const end = () => {
    clearTimeout(timer);
    listening.abort();
    drag?.end();
  };
  const on = (type: string, does: (event: TouchEvent) => void) =>
    at.addEventListener(type, does as EventListener, { passive: false, signal: listening.signal });
  on("touchmove", (event) => {
    const [touch] = event.touches;
    if (!touch || event.touches.length > 1) return end();
    if (!drag) {
      if (Math.hypot(touch.clientX - first.clientX, touch.clientY - first.clientY) > SLACK) end();
      return;
    }
    event.preventDefault(); // it scrolls nothing
    drag.move(touch.clientX, touch.clientY);
  });
  on("touchend", (event) => {
    if (drag) event.preventDefault(); // it is no click
    drag?.drop();
    end();
  });
  on("touchcancel", end);
  at.addEventListener("contextmenu", (event) => event.preventDefault(), { signal: listening.signal });
  return end;
}

interface Drag {
  move: (x: number, y: number) => void;
  drop: () => void;
  end: () => void;
}

/** Takes a thing up. Where no tree is seen there is nowhere to drop it. */
function beginDrag({ element, name, dragged }: Source, x: number, y: number): Drag | undefined {
  const tree = document.querySelector("[role=tree]")?.parentElement;
  if (!tree?.offsetParent) return undefined;
  const shape = document.createElement("div");
  shape.className = classes.shape ?? "";
  shape.textContent = name;
  shape.ariaHidden = "true";
  document.body.append(shape);
  element.setAttribute("data-dragged", "");
  document.documentElement.setAttribute("data-touch-drag", "");
  let over: ReturnType<typeof targetAt>;
  let frame = 0;
  const move = (toX: number, toY: number) => {
    [x, y] = [toX, toY];
    shape.style.translate = `${x}px ${y}px`;
    const next = targetAt(document.elementFromPoint(x, y), dragged);
    if (next === over) return;
    over?.setOver(false);
    next?.setOver(true);
    over = next;
  };
  const scroll = () => {
    const box = tree.getBoundingClientRect();
    const within = x >= box.left && x <= box.right;
    const by = !within ? 0 : y > box.bottom - EDGE ? STEP : y < box.top + EDGE ? -STEP : 0;
    if (by !== 0) {
      tree.scrollTop += by;
      move(x, y);
    }
    frame = requestAnimationFrame(scroll);
  };
  move(x, y);
  scroll();
  return {
    move,
    drop: () => over?.drop(dragged),
    end: () => {
      cancelAnimationFrame(frame);
      over?.setOver(false);
      shape.remove();
      element.removeAttribute("data-dragged");
      document.documentElement.removeAttribute("data-touch-drag");
    },
  };
}
