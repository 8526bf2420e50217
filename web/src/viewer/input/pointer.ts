// Mouse and pen: where the pointer is on the remote display, and which buttons are down.

import type { InputEvent, Send } from "./events";

/** Where the picture is on the page, in CSS pixels, and its size in remote pixels. */
export interface Place {
  left: number;
  top: number;
  width: number;
  height: number;
  columns: number;
  rows: number;
}

/** The remote pixel under a point of the page; the nearest one when the point is outside. */
export function remotePoint(place: Place, clientX: number, clientY: number): { x: number; y: number } {
  return {
    x: along(clientX - place.left, place.width, place.columns),
    y: along(clientY - place.top, place.height, place.rows),
  };
}

function along(offset: number, length: number, pixels: number): number {
  if (length <= 0) return 0;
  return Math.max(0, Math.min(pixels - 1, Math.floor((offset * pixels) / length)));
}

/** The buttons in the bits of MouseEvent.buttons, as the protocol counts them. */
const buttonOfBit = [0, 2, 1, 3, 4];

// A mouse may report a thousand places a second; the other side draws far fewer. In ms.
const apart = 4;

export class Pointer {
  private readonly send: Send;
  private buttons = 0;
  private x = -1;
  private y = -1;
  private last = Number.NEGATIVE_INFINITY;

  constructor(send: Send) {
    this.send = send;
  }

  /**
   * Takes where the pointer is and which buttons are down (MouseEvent.buttons). Both go in one message, the place first.
   * Raw events come as the mouse sends them and are thinned; after them comes an ordinary one with the last place.
   */
  at(x: number, y: number, buttons: number, time: number, raw = false): void {
    const pressed = buttons & 31;
    const moved = x !== this.x || y !== this.y;
    if (pressed === this.buttons && (!moved || (raw && time - this.last < apart))) return;
    const events: InputEvent[] = [];
    if (moved) {
      events.push({ kind: "pointer", x, y });
      this.last = time;
    }
    for (const [bit, button] of buttonOfBit.entries()) {
      const down = (pressed & (1 << bit)) !== 0;
      if (down !== ((this.buttons & (1 << bit)) !== 0)) events.push({ kind: "button", button, down });
    }
    this.x = x;
    this.y = y;
    this.buttons = pressed;
    this.send(...events);
  }

  /** Forgets what the other side has forgotten: the place after a change of display, the buttons after a release of all. */
  forget(): void {
    this.buttons = 0;
    this.x = -1;
    this.y = -1;
  }
}
