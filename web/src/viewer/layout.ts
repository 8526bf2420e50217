// How large the canvas is on the page. Its own width and height always are the remote display's.

export type Scale = "fit" | "actual";

export class Layout {
  private readonly canvas: HTMLCanvasElement;
  private readonly changed: () => void;
  private readonly observer: ResizeObserver;
  private scale: Scale = "fit";

  /** changed is called when the picture has another size on the page. */
  constructor(canvas: HTMLCanvasElement, changed: () => void) {
    this.canvas = canvas;
    this.changed = changed;
    this.observer = new ResizeObserver(() => this.apply());
    if (canvas.parentElement) this.observer.observe(canvas.parentElement);
    window.addEventListener("resize", this.apply); // another density, too
  }

  set(scale: Scale): void {
    this.scale = scale;
    this.apply();
  }

  /** CSS pixels for each remote pixel. */
  factor(): number {
    const { canvas } = this;
    const box = canvas.parentElement;
    if (this.scale === "actual" || !box || !box.clientWidth || !box.clientHeight) return 1 / (devicePixelRatio || 1);
    const style = getComputedStyle(box);
    const width = box.clientWidth - Number.parseFloat(style.paddingLeft) - Number.parseFloat(style.paddingRight);
    const height = box.clientHeight - Number.parseFloat(style.paddingTop) - Number.parseFloat(style.paddingBottom);
    return Math.max(0.01, Math.min(width / canvas.width, height / canvas.height));
  }

  /** Fits the canvas again, after its own size or the page's has changed. */
  readonly apply = (): void => {
    const { canvas } = this;
    const factor = this.factor();
    const [width, height] = [`${canvas.width * factor}px`, `${canvas.height * factor}px`];
    if (canvas.style.width === width && canvas.style.height === height) return;
    canvas.style.width = width;
    canvas.style.height = height;
    this.changed();
  };

  dispose(): void {
    this.observer.disconnect();
    window.removeEventListener("resize", this.apply);
  }
}
