import { draggable, dropTargetForElements } from "@atlaskit/pragmatic-drag-and-drop/element/adapter";
import { type RefObject, useEffect, useRef, useState } from "react";
import type { Doing } from "./doing";
import { mayHold, OTHERS, type Place } from "./tree";

// Computers and groups are dragged onto a group or a root. Dialogs do the same for who uses keys.

type Dragged = { kind: "computers"; ids: string[] } | { kind: "group"; place: Place };

const isDragged = (data: Record<string | symbol, unknown>): data is Dragged & Record<string, unknown> =>
  data.kind === "computers" || data.kind === "group";

/**
 * Lets the rows in a frame be dragged: a row with all that are chosen when it is one of them. A row can be dragged once the mouse is over it, so that ten
 * thousand need not be told.
 */
export function useDragRows(frame: RefObject<HTMLElement | null>, chosen: ReadonlySet<string>): void {
  const now = useRef(chosen);
  now.current = chosen;
  useEffect(() => {
    const all = frame.current;
    if (!all) return;
    let row: HTMLElement | null = null;
    let settle = () => {};
    const over = ({ target, pointerType }: PointerEvent) => {
      const next = target instanceof Element ? target.closest<HTMLElement>("[data-row]") : null;
      if (!next || next === row || pointerType === "touch") return;
      settle();
      row = next;
      const id = next.dataset.row ?? "";
      settle = draggable({
        element: next,
        getInitialData: () => ({ kind: "computers", ids: now.current.has(id) ? [...now.current] : [id] }),
        onDragStart: () => next.setAttribute("data-dragged", ""),
        onDrop: () => next.removeAttribute("data-dragged"),
      });
    };
    all.addEventListener("pointerover", over);
    return () => {
      all.removeEventListener("pointerover", over);
      settle();
    };
  }, [frame]);
}

/** Lets a group be dragged; roots stay. */
export function usePlaceDrag(element: RefObject<HTMLElement | null>, place: Place): void {
  const now = useRef(place);
  now.current = place;
  const isGroup = place.groupId !== "";
  useEffect(() => {
    if (!element.current || !isGroup) return;
    return draggable({ element: element.current, getInitialData: () => ({ kind: "group", place: now.current }) });
  }, [element, isGroup]);
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
    return dropTargetForElements({
      element: element.current,
      canDrop: ({ source }) =>
        isDragged(source.data) &&
        now.current.place.id !== OTHERS &&
        (source.data.kind === "computers" || mayHold(now.current.place, source.data.place)),
      onDragEnter: () => setOver(true),
      onDragLeave: () => setOver(false),
      onDrop: ({ source }) => {
        setOver(false);
        if (!isDragged(source.data)) return;
        const { place: to, onDo: act } = now.current;
        if (source.data.kind === "computers") act({ what: "move", ids: source.data.ids, to });
        else act({ what: "moveGroup", id: source.data.place.id, to });
      },
    });
  }, [element]);
  return over;
}
