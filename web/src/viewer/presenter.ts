// The page's side of the picture: puts changed pixels on the canvas and says when they are shown.
//
// The canvas stays with the page instead of becoming an OffscreenCanvas of the worker: what a worker draws reaches the
// page a frame later and is dear to read (docs/design/0003).

import { type PictureHead, type PictureRect, takePicture } from "./picture";

/** How long at most the next frame of the display is waited for, in ms. Hidden pages have none. */
const longestWait = 100;

/**
 * So many pictures are taken within one frame of the display: one for a video, one for what changes beside it, and one for the answer to a
 * key. More would be work that nobody sees.
 */
const mostInFrame = 3;

export interface PresenterEvents {
  /** The canvas has another size. */
  onSize: (width: number, height: number) => void;
  /** A picture is on the canvas. more: the next one may come; else onReady will say so. */
  onShown: (buffer: ArrayBufferLike, more: boolean) => void;
  onReady: () => void;
}

export class Presenter {
  private readonly canvas: HTMLCanvasElement;
  private readonly context: CanvasRenderingContext2D;
  private readonly events: PresenterEvents;
  private shared: ArrayBufferLike | undefined;
  /** Pixels of a shared buffer go through this: an ImageData takes no shared memory. */
  private scratch = new ArrayBuffer(0);
  private frame = 0;
  private timer: ReturnType<typeof setTimeout> | undefined;
  private waiting = false;
  private pictures = 0; // put since the frame began
  private ahead: { id: number; after: number } | undefined;

  constructor(canvas: HTMLCanvasElement, events: PresenterEvents) {
    const context = canvas.getContext("2d", { alpha: false, colorSpace: "srgb" });
    if (!context) throw new Error("the canvas has no 2D context");
    this.canvas = canvas;
    this.context = context;
    this.events = events;
  }

  /** Puts the picture in a buffer on the canvas, whole, unless it was put already. */
  put(buffer: ArrayBufferLike): void {
    const { canvas, events } = this;
    if (!(buffer instanceof ArrayBuffer)) this.shared = buffer;
    const [width, height] = [canvas.width, canvas.height];
    const head = takePicture(buffer, this.begin, this.putRect);
    if (!head) return;
    this.tellId(head);
    if (canvas.width !== width || canvas.height !== height) events.onSize(canvas.width, canvas.height);
    if (this.frame === 0) this.frame = requestAnimationFrame(this.nextFrame);
    this.pictures++;
    this.waiting = this.pictures >= mostInFrame;
    if (this.waiting) this.timer ??= setTimeout(this.nextFrame, longestWait);
    events.onShown(buffer, !this.waiting);
  }

  /** Puts the picture that lies in the shared buffer, if there is one, before the message about it comes. */
  look(): void {
    if (this.shared) this.put(this.shared);
  }

  dispose(): void {
    cancelAnimationFrame(this.frame);
    clearTimeout(this.timer);
    this.waiting = false;
    this.shared = undefined;
  }

  /** Says which update is shown. One that was put before the picture that it goes beside is told with that one. */
  private tellId({ id, after }: PictureHead): void {
    const { dataset } = this.canvas;
    if (after !== id && dataset.updateId !== String(after)) {
      this.ahead = { id, after };
      return;
    }
    dataset.updateId = String(this.ahead?.after === id ? this.ahead.id : id);
    this.ahead = undefined;
  }

  private readonly begin = ({ width, height }: PictureHead): void => {
    const { canvas } = this;
    if (canvas.width !== width) canvas.width = width;
    if (canvas.height !== height) canvas.height = height;
  };

  private readonly putRect = ({ x, y, w, h, pixels }: PictureRect): void => {
    this.context.putImageData(new ImageData(this.unshared(pixels), w, h), x, y);
  };

  private unshared(pixels: Uint8Array): Uint8ClampedArray<ArrayBuffer> {
    const { buffer, byteOffset, length } = pixels;
    if (buffer instanceof ArrayBuffer) return new Uint8ClampedArray(buffer, byteOffset, length);
    if (this.scratch.byteLength < length) this.scratch = new ArrayBuffer(length);
    const copy = new Uint8ClampedArray(this.scratch, 0, length);
    copy.set(pixels);
    return copy;
  }

  private readonly nextFrame = (): void => {
    cancelAnimationFrame(this.frame);
    clearTimeout(this.timer);
    this.frame = 0;
    this.timer = undefined;
    this.pictures = 0;
    if (!this.waiting) return;
    this.waiting = false;
    this.events.onReady();
  };
}
