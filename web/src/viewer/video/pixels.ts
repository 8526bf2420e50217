// The pixels of decoded pictures, as R, G, B, 255.
//
// Of all ways to bring a frame to the page's canvas, letting the worker's copyTo convert it is the cheapest (docs/design/0006).

import type { Rect } from "../region";

/** Reads pictures; keeps what memory it needs. */
export class PictureReader {
  /** Memory for pictures of which only some parts are wanted. */
  private scratch = new Uint8Array(0);
  private canvas: OffscreenCanvas | undefined;

  /**
   * Writes pieces of a picture whose top left lies over the surface in place, one after the other, into out from offset at on. Rejects
   * when the picture is smaller than its place.
   */
  async read(picture: VideoFrame, place: Rect, pieces: readonly Rect[], out: Uint8Array, at: number): Promise<void> {
    const { w, h } = place;
    const visible = picture.visibleRect;
    if (!visible || visible.width < w || visible.height < h) {
      throw new Error(`a picture of ${visible?.width}×${visible?.height} for ${w}×${h}`);
    }
    const size = w * h * 4;
    if (pieces[0] === place) return this.convert(picture, w, h, out.subarray(at, at + size));
    if (this.scratch.length < size) this.scratch = new Uint8Array(size);
    const { scratch } = this;
    await this.convert(picture, w, h, scratch.subarray(0, size));
    for (const piece of pieces) {
      const [left, top] = [piece.x - place.x, piece.y - place.y];
      for (let y = top; y < top + piece.h; y++) {
        const from = (y * w + left) * 4;
        out.set(scratch.subarray(from, from + piece.w * 4), at);
        at += piece.w * 4;
      }
    }
  }

  /** Converts a picture's top left. */
  private async convert(picture: VideoFrame, width: number, height: number, out: Uint8Array): Promise<void> {
    const { x, y } = picture.visibleRect!;
    const options: VideoFrameCopyToOptions = {
      rect: { x, y, width, height },
      layout: [{ offset: 0, stride: width * 4 }],
      format: "RGBA",
    };
    if (!this.canvas) {
      try {
        // A browser that does not know the format would copy the planes as they are.
        if (picture.allocationSize(options) === out.length) {
          await picture.copyTo(out, options);
          return;
        }
      } catch {
        // it knows the format and does not convert this picture
      }
    }
    this.canvas ??= new OffscreenCanvas(0, 0);
    const { canvas } = this;
    if (canvas.width < width) canvas.width = width;
    if (canvas.height < height) canvas.height = height;
    const context = canvas.getContext("2d", { alpha: false, willReadFrequently: true });
    if (!context) throw new Error("no 2D context for pictures");
    context.drawImage(picture, 0, 0, picture.visibleRect!.width, picture.visibleRect!.height);
    out.set(context.getImageData(0, 0, width, height).data);
  }
}
