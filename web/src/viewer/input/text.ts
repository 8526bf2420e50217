// Text that goes to the other side as text: what an IME, a dead key, an emoji panel, a phone's keyboard or the page gives.

import { type InputEvent, maxText } from "./events";

const utf8 = new TextEncoder();
// Far under what a message may hold, so that no text makes one too long.
const eventsAMessage = 8;

/** A press and release of a key that needs no layout. */
export function tap(key: string, modifiers = 0): InputEvent[] {
  return [
    { kind: "key", down: true, modifiers, code: key, key },
    { kind: "key", down: false, modifiers, code: key, key },
  ];
}

/**
 * The events that type a text, in groups that each make one message. Ends of lines and tabs become keys, since programs
 * wait for the key there; other control characters are left out.
 */
export function typed(text: string): InputEvent[][] {
  const events: InputEvent[] = [];
  for (const part of text.replace(/\r\n?/g, "\n").split(/([\n\t])/)) {
    if (part === "\n") events.push(...tap("Enter"));
    else if (part === "\t") events.push(...tap("Tab"));
    else for (const piece of pieces(printable(part))) events.push({ kind: "text", text: piece });
  }
  const groups: InputEvent[][] = [];
  for (let i = 0; i < events.length; i += eventsAMessage) groups.push(events.slice(i, i + eventsAMessage));
  return groups;
}

function printable(text: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these are the ones to leave out
  return text.replace(/[\u0000-\u001f\u007f-\u009f]/g, "").toWellFormed();
}

/** Cuts a text into pieces of at most maxText bytes, between characters. */
function pieces(text: string): string[] {
  const out: string[] = [];
  let begin = 0;
  let size = 0;
  let at = 0;
  for (const character of text) {
    const n = utf8.encode(character).length;
    if (size + n > maxText) {
      out.push(text.slice(begin, at));
      begin = at;
      size = 0;
    }
    size += n;
    at += character.length;
  }
  if (at > begin) out.push(text.slice(begin));
  return out;
}

/** What TextField reports. */
export interface TextFieldEvents {
  text(text: string): void;
  /** Backspace, pressed count times on a keyboard that reports no keys. */
  erase(count: number): void;
}

// Stands in the field so that a phone's Backspace has something to erase.
const filler = "  ";

/**
 * TextField is the hidden field that has the focus while the picture has it: only a field gets text from an IME. It is
 * beside the canvas, so that it goes to full screen with it.
 */
export class TextField {
  readonly element: HTMLTextAreaElement;
  private readonly events: TextFieldEvents;
  private composing = false;

  constructor(canvas: HTMLCanvasElement, events: TextFieldEvents) {
    this.events = events;
    const field = canvas.ownerDocument.createElement("textarea");
    field.tabIndex = -1;
    field.spellcheck = false;
    field.setAttribute("aria-labelledby", canvas.id); // it has the focus in the picture's place
    for (const [name, value] of [
      ["autocomplete", "off"],
      ["autocorrect", "off"],
      ["autocapitalize", "off"],
    ] as const) {
      field.setAttribute(name, value);
    }
    // Small and clear, but not hidden: what is hidden gets no focus. 16 px keeps phones from zooming in.
    field.style.cssText =
      "position:fixed;inset:auto auto 0 0;width:1px;height:1em;padding:0;border:0;outline:0;resize:none;" +
      "opacity:0;font-size:16px;pointer-events:none;z-index:-1;white-space:pre;overflow:hidden";
    field.addEventListener("compositionstart", () => {
      this.composing = true;
    });
    field.addEventListener("compositionend", () => {
      this.composing = false;
      this.drain();
    });
    field.addEventListener("input", (e) => {
      if (!this.composing && !(e as globalThis.InputEvent).isComposing) this.drain();
    });
    // The clipboard has its own way to the other side, or none.
    field.addEventListener("paste", (e) => e.preventDefault());
    field.addEventListener("drop", (e) => e.preventDefault());
    canvas.after(field);
    this.element = field;
    this.refill();
  }

  focus(): void {
    this.element.focus({ preventScroll: true });
  }

  /** Forgets what is half composed. */
  clear(): void {
    this.composing = false;
    this.refill();
  }

  dispose(): void {
    this.element.remove();
  }

  private drain(): void {
    const { value } = this.element;
    if (value === filler) return;
    this.refill();
    if (value.startsWith(filler)) this.events.text(value.slice(filler.length));
    else if (filler.startsWith(value)) this.events.erase(filler.length - value.length);
    else this.events.text(value); // written over the filler
  }

  private refill(): void {
    this.element.value = filler;
    this.element.setSelectionRange(filler.length, filler.length);
  }
}
