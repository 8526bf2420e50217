// A call at the very beginning of the browser's next frame.
//
// After a key or a click, Chromium holds back messages (and timers, and sockets) of a page that is about to draw a frame until that frame is
// drawn; so what came in answer to the key would be seen a frame later than it could (docs/design/0003). Callbacks for the frame do
// run, and the events of scrolling are the first of them. Hence something tiny that is scrolled.

export class FrameStart {
  private readonly box: HTMLElement;
  private asked = false;

  /** call runs when a frame begins that was asked for. The box lies beside the element. */
  constructor(beside: HTMLElement, call: () => void) {
    const box = beside.ownerDocument.createElement("div");
    box.setAttribute("aria-hidden", "true");
    box.style.cssText =
      "position:fixed;inset:auto auto 0 0;width:1px;height:1px;overflow:hidden;opacity:0;pointer-events:none;z-index:-1";
    const inside = beside.ownerDocument.createElement("div");
    inside.style.height = "9px";
    box.append(inside);
    box.addEventListener("scroll", () => {
      this.asked = false;
      call();
    });
    beside.after(box);
    this.box = box;
  }

  /** Asks for a call with the next frame. */
  ask(): void {
    if (this.asked) return;
    this.asked = true;
    this.box.scrollTop = this.box.scrollTop > 0 ? 0 : 4;
  }

  dispose(): void {
    this.box.remove();
  }
}
