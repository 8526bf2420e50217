// Fingers: a tap clicks, a long press clicks right, a finger that moves drags, two fingers scroll.

/** What fingers ask for, in CSS pixels of the page. */
export interface TouchEvents {
  /** The pointer is here, with these buttons (bits of MouseEvent.buttons). */
  pointer(x: number, y: number, buttons: number): void;
  /** The picture shall scroll by this much; positive: right, down. */
  scroll(dx: number, dy: number): void;
}

const left = 1;
const right = 2;
const slop = 10; // CSS pixels that a resting finger trembles
const longPress = 500; // ms

interface Finger {
  id: number;
  x: number;
  y: number;
}

export class Touch {
  private readonly events: TouchEvents;
  private fingers: Finger[] = [];
  /** rest: one finger that has not moved; drag: it moves; scroll: two fingers; done: wait until all are gone. */
  private state: "none" | "rest" | "drag" | "scroll" | "done" = "none";
  private startX = 0;
  private startY = 0;
  private timer: ReturnType<typeof setTimeout> | undefined;

  constructor(events: TouchEvents) {
    this.events = events;
  }

  down(id: number, x: number, y: number): void {
    this.fingers.push({ id, x, y });
    if (this.state === "none") {
      this.state = "rest";
      this.startX = x;
      this.startY = y;
      this.timer = setTimeout(() => this.long(), longPress);
    } else if (this.state === "rest" && this.fingers.length === 2) {
      clearTimeout(this.timer);
      this.state = "scroll";
      const [a, b] = this.fingers as [Finger, Finger];
      this.events.pointer((a.x + b.x) / 2, (a.y + b.y) / 2, 0);
    }
  }

  move(id: number, x: number, y: number): void {
    const finger = this.fingers.find((f) => f.id === id);
    if (!finger) return;
    const dx = x - finger.x;
    const dy = y - finger.y;
    if (this.state === "rest" && Math.hypot(x - this.startX, y - this.startY) > slop) {
      clearTimeout(this.timer);
      this.state = "drag";
      this.events.pointer(this.startX, this.startY, 0);
      this.events.pointer(this.startX, this.startY, left);
    }
    if (this.state !== "rest") {
      finger.x = x;
      finger.y = y;
    }
    if (this.state === "drag") this.events.pointer(x, y, left);
    // Each finger tells half of the way; what lies under the fingers goes with them.
    if (this.state === "scroll") this.events.scroll(-dx / 2, -dy / 2);
  }

  up(id: number, cancelled = false): void {
    const finger = this.fingers.find((f) => f.id === id);
    if (!finger) return;
    this.fingers = this.fingers.filter((f) => f !== finger);
    clearTimeout(this.timer);
    if (this.state === "rest" && !cancelled) this.click(left);
    if (this.state === "drag") this.events.pointer(finger.x, finger.y, 0);
    this.state = this.fingers.length === 0 ? "none" : "done";
  }

  /** Forgets all fingers. */
  forget(): void {
    clearTimeout(this.timer);
    this.fingers = [];
    this.state = "none";
  }

  private long(): void {
    this.state = "done";
    this.click(right);
  }

  private click(button: number): void {
    this.events.pointer(this.startX, this.startY, 0);
    this.events.pointer(this.startX, this.startY, button);
    this.events.pointer(this.startX, this.startY, 0);
  }
}
