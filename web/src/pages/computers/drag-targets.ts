import type { Place } from "./tree";

export type Dragged = { kind: "computers"; ids: string[] } | { kind: "group"; place: Place };

/** Something that can be dragged. */
export interface Source {
  element: HTMLElement;
  /** What moves with the finger. */
  name: string;
  dragged: Dragged;
}

/** Where things can be dropped. */
export interface Target {
  accepts: (dragged: Dragged) => boolean;
  setOver: (over: boolean) => void;
  drop: (dragged: Dragged) => void;
}

export const targets = new WeakMap<Element, Target>();

/** Where something would be dropped at an element; undefined: nowhere. */
export function targetAt(at: Element | null, dragged: Dragged): Target | undefined {
  const place = at?.closest("[data-place]");
  const target = place ? targets.get(place) : undefined;
  return target?.accepts(dragged) ? target : undefined;
}
