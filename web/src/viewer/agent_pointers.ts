// The other agents' pointers over the picture, and where this one's is for them: docs/protocol.md, "Several agents". Nothing of it is
// there while nobody else is.

import { type Place, remotePoint } from "./input/pointer";
import type { AgentPointer, ViewerState, Watcher } from "./state";

/** How often the others are told, ms. */
const apart = 50;
/** After that long at one place a pointer fades, ms. */
const stillAfter = 2500;

interface Shown {
  at: AgentPointer;
  readonly element: HTMLElement;
  fading: ReturnType<typeof setTimeout> | undefined;
}

type Tell = (x: number, y: number, gone: boolean) => void;

export class AgentPointers {
  private readonly canvas: HTMLCanvasElement;
  private readonly tell: Tell;
  private readonly layer = document.createElement("div");
  private readonly shown = new Map<string, Shown>();
  private readonly listening = new AbortController();
  private others: readonly Watcher[] = [];
  private display: number | undefined;
  private next: { x: number; y: number } | undefined;
  private timer: ReturnType<typeof setTimeout> | undefined;
  private told = false;

  constructor(canvas: HTMLCanvasElement, tell: Tell) {
    this.canvas = canvas;
    this.tell = tell;
    this.layer.dataset.agentPointers = "";
    this.layer.ariaHidden = "true";
    const { signal } = this.listening;
    canvas.addEventListener("pointermove", (event) => this.moved(event), { signal, passive: true });
    canvas.addEventListener("pointerleave", () => this.left(), { signal });
  }

  dispose(): void {
    this.listening.abort();
    clearTimeout(this.timer);
    for (const { fading } of this.shown.values()) clearTimeout(fading);
    this.layer.remove();
  }

  /** Learns who is there and what is shown. */
  meet({ watchers = [], selectedDisplay, phase }: ViewerState): void {
    const others = phase === "live" ? watchers.filter((one) => !one.you) : [];
    if (others.length === 0 && this.others.length === 0) return;
    this.others = others;
    this.display = selectedDisplay;
    for (const agentId of this.shown.keys()) {
      if (!others.some((one) => one.agentId === agentId)) this.remove(agentId);
    }
    if (others.length === 0) this.layer.remove();
    else if (!this.layer.isConnected) this.canvas.parentElement?.append(this.layer);
    this.place();
  }

  /** Another agent points somewhere. */
  show(at: AgentPointer): void {
    const agent = this.others.find((one) => one.agentId === at.agentId);
    if (!agent || at.gone) {
      this.remove(at.agentId);
      return;
    }
    const shown = this.shown.get(at.agentId) ?? this.make(agent, at);
    shown.at = at;
    delete shown.element.dataset.still;
    clearTimeout(shown.fading);
    shown.fading = setTimeout(() => {
      shown.element.dataset.still = "";
    }, stillAfter);
    this.put(shown);
  }

  /** Puts all in their places again: the picture has another size on the page. */
  place(): void {
    for (const shown of this.shown.values()) this.put(shown);
  }

  private make({ agentId, name, colour }: Watcher, at: AgentPointer): Shown {
    const element = document.createElement("div");
    element.dataset.agent = agentId;
    element.dataset.colour = String(colour % 8);
    const label = document.createElement("span");
    label.textContent = name;
    element.append(arrow(), label);
    this.layer.append(element);
    const shown: Shown = { at, element, fading: undefined };
    this.shown.set(agentId, shown);
    return shown;
  }

  private remove(agentId: string): void {
    const shown = this.shown.get(agentId);
    if (!shown) return;
    clearTimeout(shown.fading);
    shown.element.remove();
    this.shown.delete(agentId);
  }

  private put({ at, element }: Shown): void {
    const { canvas } = this;
    element.hidden = at.display !== this.display || canvas.width === 0;
    if (element.hidden) return;
    const x = canvas.offsetLeft + ((at.x + 0.5) * canvas.offsetWidth) / canvas.width;
    const y = canvas.offsetTop + ((at.y + 0.5) * canvas.offsetHeight) / canvas.height;
    element.style.translate = `${x}px ${y}px`;
  }

  private moved({ clientX, clientY }: PointerEvent): void {
    if (this.others.length === 0) return;
    const { canvas } = this;
    const { left, top, width, height } = canvas.getBoundingClientRect();
    const place: Place = { left, top, width, height, columns: canvas.width, rows: canvas.height };
    this.next = remotePoint(place, clientX, clientY);
    this.timer ??= setTimeout(this.send, this.told ? apart : 0);
  }

  private readonly send = (): void => {
    this.timer = undefined;
    const { next } = this;
    if (!next) {
      this.told = false;
      return;
    }
    this.next = undefined;
    this.told = true;
    this.tell(next.x, next.y, false);
    this.timer = setTimeout(this.send, apart);
  };

  private left(): void {
    clearTimeout(this.timer);
    this.timer = undefined;
    this.next = undefined;
    this.told = false;
    if (this.others.length > 0) this.tell(0, 0, true);
  }
}

/** An arrow like a pointer's, in the agent's colour. */
function arrow(): SVGElement {
  const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  svg.setAttribute("viewBox", "0 0 16 20");
  const path = document.createElementNS("http://www.w3.org/2000/svg", "path");
  path.setAttribute("d", "M1 1 L1 16 L5 12.4 L7.6 18.4 L10.4 17.2 L7.8 11.4 L13.4 11 Z");
  svg.append(path);
  return svg;
}
