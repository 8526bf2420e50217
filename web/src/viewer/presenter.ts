// The page's side of the picture: puts changed pixels on the canvas and says when they are shown.
//
// The canvas stays with the page instead of becoming an OffscreenCanvas of the worker: what a worker draws reaches the
// page a frame later and is dear to read (docs/design/0003).

import { unpack } from "./picture";

/** A picture from the worker. */
export interface Picture {
  id: number; // of the newest update in it
  width: number;
  height: number;
  buffer: ArrayBuffer;
}

/** How long at most a second picture within one frame of the display waits for its turn, in ms. Hidden pages have no frames. */
const longestWait = 100;

export class Presenter {
  private readonly canvas: HTMLCanvasElement;
  private readonly context: CanvasRenderingContext2D;
  private readonly shown: (picture: Picture) => void;
  private frame = 0;
  private timer: ReturnType<typeof setTimeout> | undefined;
  private waiting: Picture | undefined;

  /** shown is called when a picture is on the canvas and the next one may come. */
  constructor(canvas: HTMLCanvasElement, shown: (picture: Picture) => void) {
    const context = canvas.getContext("2d", { alpha: false, colorSpace: "srgb" });
    if (!context) throw new Error("the canvas has no 2D context");
    this.canvas = canvas;
    this.context = context;
    this.shown = shown;
  }

  /** Puts a picture on the canvas, whole. */
  put(picture: Picture): void {
    const { canvas, context } = this;
    if (canvas.width !== picture.width) canvas.width = picture.width;
    if (canvas.height !== picture.height) canvas.height = picture.height;
    unpack(picture.buffer, (pixels, x, y, w, h) => context.putImageData(new ImageData(pixels, w, h), x, y));
    canvas.dataset.updateId = String(picture.id);
    // The first picture within a frame of the display is answered at once, so that the next one comes early. A second
    // one waits for the next frame: more pictures than frames would be work that nobody sees.
    if (this.frame === 0) {
      this.frame = requestAnimationFrame(this.nextFrame);
      this.shown(picture);
    } else {
      this.waiting = picture;
      this.timer ??= setTimeout(this.nextFrame, longestWait);
    }
  }

  dispose(): void {
    cancelAnimationFrame(this.frame);
    clearTimeout(this.timer);
    this.waiting = undefined;
  }

  private readonly nextFrame = (): void => {
    cancelAnimationFrame(this.frame);
    clearTimeout(this.timer);
    this.frame = 0;
    this.timer = undefined;
    const picture = this.waiting;
    this.waiting = undefined;
    if (picture) this.shown(picture);
  };
}
