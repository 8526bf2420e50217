import { draggable, dropTargetForElements } from "@atlaskit/pragmatic-drag-and-drop/element/adapter";
import { type RefObject, useEffect, useRef, useState } from "react";
import type { Doing } from "./doing";
import { type Dragged, type Source, type Target, targets } from "./drag-targets";
import { dragByTouch } from "./touch-drag";
import { mayHold, OTHERS, type Place } from "./tree";

// Computers and groups are dragged onto a group or a root, by mouse with the browser's own drag and drop, by touch with ours (touch-drag.ts). Dialogs do
// the same for who uses keys.

const isDragged = (data: Record<string | symbol, unknown>): data is Dragged & Record<string, unknown> =>
  data.kind === "computers" || data.kind === "group";

/**
 * Lets what stands in a frame be dragged: find says what is at an element. For the mouse a thing becomes draggable once the mouse is over it, so that
 * ten thousand need not be told; and it is not for a finger, with which some browsers would begin to drag, too.
 */
function useSources(frame: RefObject<HTMLElement | null>, find: (at: Element) => Source | undefined): void {
  const now = useRef(find);
  now.current = find;
  useEffect(() => {
    const all = frame.current;
    if (!all) return;
    let element: HTMLElement | undefined;
    let settle = () => {};
    const over = ({ target, pointerType, buttons }: PointerEvent) => {
      if (buttons !== 0 && pointerType === "mouse") return; // it may be on its way with what it was pressed on
      const next = target instanceof Element && pointerType !== "touch" ? now.current(target)?.element : undefined;
      if (next === element) return;
      settle();
      element = next;
      settle = next
        ? draggable({
            element: next,
            getInitialData: () => ({ ...now.current(next)?.dragged }),
            onDragStart: () => next.setAttribute("data-dragged", ""),
            onDrop: () => next.removeAttribute("data-dragged"),
          })
        : () => {};
    };
    all.addEventListener("pointerover", over);
    const noTouch = dragByTouch(all, (at) => now.current(at));
    return () => {
      all.removeEventListener("pointerover", over);
      settle();
      noTouch();
    };
  }, [frame]);
}

/** Lets the rows in a frame be dragged: a row with all that are chosen when it is one of them. */
export function useDragRows(frame: RefObject<HTMLElement | null>, chosen: ReadonlySet<string>): void {
  useSources(frame, (at) => {
    const element = at.closest<HTMLElement>("[data-row]");
    const id = element?.dataset.row;
    if (!element || !id) return;
    const ids = chosen.has(id) ? [...chosen] : [id];
    const name = element.querySelector(`[id="computer-${id}"]`)?.textContent ?? "";
    return {
      element,
      name: ids.length > 1 ? `${name} + ${ids.length - 1}` : name,
      dragged: { kind: "computers", ids },
    };
  });
}

/** Lets the groups in a tree be dragged; roots stay. */
export function useDragPlaces(tree: RefObject<HTMLElement | null>, places: readonly Place[]): void {
  useSources(tree, (at) => {
    const element = at.closest<HTMLElement>("[data-place]");
    const place = element && places.find((one) => one.groupId !== "" && one.id === element.dataset.place);
    return element && place ? { element, name: place.name, dragged: { kind: "group", place } } : undefined;
  });
}

/** Lets things be dropped on a place; whether something that fits is over it. */
export function useDropPlace(
  element: RefObject<HTMLElement | null>,
  place: Place,
  onDo: (doing: Doing) => void,
): boolean {
  const [over, setOver] = useState(false);
  const now = useRef({ place, onDo });
  now.current = { place, onDo };
  useEffect(() => {
    if (!element.current) return;
    const target: Target = {
      accepts: (dragged) =>
        now.current.place.id !== OTHERS && (dragged.kind === "computers" || mayHold(now.current.place, dragged.place)),
      setOver,
      drop: (dragged) => {
        const { place: to, onDo: act } = now.current;
        if (dragged.kind === "computers") act({ what: "move", ids: dragged.ids, to });
        else act({ what: "moveGroup", id: dragged.place.id, to });
      },
    };
    targets.set(element.current, target);
    return dropTargetForElements({
      element: element.current,
      canDrop: ({ source }) => isDragged(source.data) && target.accepts(source.data),
      onDragEnter: () => setOver(true),
      onDragLeave: () => setOver(false),
      onDrop: ({ source }) => {
        setOver(false);
        if (isDragged(source.data)) target.drop(source.data);
      },
    });
  }, [element]);
  return over;
}
