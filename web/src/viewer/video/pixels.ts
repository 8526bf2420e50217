// The pixels of decoded pictures, as R, G, B, 255.
//
// Of all ways to bring a frame to the page's canvas, letting the worker's copyTo convert it is the cheapest (docs/design/0006).

import type { Rect } from "../region";

/** Pixels up to which an enlarged picture is smooth. A canvas takes more than 50 ms for larger ones, and they are mostly shown smaller again. */
const smooth = 2_500_000;

/** Reads pictures; keeps what memory it needs. */
export class PictureReader {
  /** Memory for pictures of which only some parts are wanted. */
  private scratch = new Uint8Array(0);
  /** Memory for large pictures that are enlarged. */
  private small = new Uint8Array(0);
  private canvas: OffscreenCanvas | undefined;
  /** The browser does not convert by copyTo. */
  private copyFails = false;

  /**
   * Writes pieces of a picture whose top left, scale times as large, lies over the surface in place, one after the other, into out from offset
   * at on. Rejects when the picture is smaller than its place.
   */
  async read(
    picture: VideoFrame,
    { place, scale, pieces }: { place: Rect; scale: number; pieces: readonly Rect[] },
    out: Uint8Array,
    at: number,
  ): Promise<void> {
    const { w, h } = place;
    const visible = picture.visibleRect;
    if (!visible || visible.width * scale < w || visible.height * scale < h) {
      throw new Error(`a picture of ${visible?.width}×${visible?.height}, enlarged ${scale} times, for ${w}×${h}`);
    }
    const size = w * h * 4;
    if (pieces[0] === place) return this.convert(picture, w, h, scale, out.subarray(at, at + size));
    if (this.scratch.length < size) this.scratch = new Uint8Array(size);
    const { scratch } = this;
    await this.convert(picture, w, h, scale, scratch.subarray(0, size));
    for (const piece of pieces) {
      const [left, top] = [piece.x - place.x, piece.y - place.y];
      for (let y = top; y < top + piece.h; y++) {
        const from = (y * w + left) * 4;
        out.set(scratch.subarray(from, from + piece.w * 4), at);
        at += piece.w * 4;
      }
    }
  }

  /** Converts a picture's top left, enlarged to width×height. */
  private async convert(
    picture: VideoFrame,
    width: number,
    height: number,
    scale: number,
    out: Uint8Array,
  ): Promise<void> {
    if (scale === 1) {
      if (await this.copy(picture, width, height, out)) return;
    } else if (width * height > smooth) {
      const [w, h] = [Math.ceil(width / scale), Math.ceil(height / scale)];
      if (this.small.length < w * h * 4) this.small = new Uint8Array(w * h * 4);
      if (await this.copy(picture, w, h, this.small.subarray(0, w * h * 4))) {
        enlarge(
          new Uint32Array(this.small.buffer),
          w,
          scale,
          new Uint32Array(out.buffer, out.byteOffset),
          width,
          height,
        );
        return;
      }
    }
    this.draw(picture, width, height, scale, out);
  }

  /** Converts a picture's top left by copyTo, if the browser can. */
  private async copy(picture: VideoFrame, width: number, height: number, out: Uint8Array): Promise<boolean> {
    if (this.copyFails) return false;
    const { x, y } = picture.visibleRect!;
    const options: VideoFrameCopyToOptions = {
      rect: { x, y, width, height },
      layout: [{ offset: 0, stride: width * 4 }],
      format: "RGBA",
    };
    try {
      // A browser that does not know the format would copy the planes as they are.
      if (picture.allocationSize(options) === out.length) {
        await picture.copyTo(out, options);
        return true;
      }
    } catch {
      // it knows the format and does not convert this picture
    }
    this.copyFails = true;
    return false;
  }

  /** The same by a canvas, which enlarges smoothly. */
  private draw(picture: VideoFrame, width: number, height: number, scale: number, out: Uint8Array): void {
    this.canvas ??= new OffscreenCanvas(0, 0);
    const { canvas } = this;
    if (canvas.width < width) canvas.width = width;
    if (canvas.height < height) canvas.height = height;
    const context = canvas.getContext("2d", { alpha: false, willReadFrequently: true });
    if (!context) throw new Error("no 2D context for pictures");
    const { width: w, height: h } = picture.visibleRect!;
    context.drawImage(picture, 0, 0, w * scale, h * scale);
    out.set(context.getImageData(0, 0, width, height).data);
  }
}

/** Writes each pixel of a picture of width w as a square of scale×scale; the last of a row and of a column may be cut. */
export function enlarge(
  picture: Uint32Array,
  w: number,
  scale: number,
  out: Uint32Array,
  width: number,
  height: number,
): void {
  for (let y = 0; y < height; y++) {
    const to = y * width;
    if (y % scale !== 0) {
      out.copyWithin(to, to - width, to);
      continue;
    }
    let from = (y / scale) * w;
    for (let x = 0; x < width; x += scale, from++) {
      const pixel = picture[from]!;
      for (let i = Math.min(x + scale, width) - 1; i >= x; i--) out[to + i] = pixel;
    }
  }
}
