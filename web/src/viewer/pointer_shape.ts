// Pointer shapes: docs/protocol.md, "Cursor". The browser draws the pointer, so that it never lags.

import type { PointerShape } from "./messages";
import { ProtocolError } from "./protocol_error";

const headerSize = 12;
const maxSide = 256;

/** Reads a cursor message. The pixels are a copy. */
export function readShape(b: Uint8Array): PointerShape {
  if (b.length < headerSize) throw new ProtocolError("cursor is cut off");
  const view = new DataView(b.buffer, b.byteOffset, headerSize);
  const [hotX, hotY, width, height] = [view.getUint16(4), view.getUint16(6), view.getUint16(8), view.getUint16(10)];
  if (width > maxSide || height > maxSide) throw new ProtocolError(`a cursor of ${width}×${height} pixels`);
  const hidden = width === 0 && height === 0 && hotX === 0 && hotY === 0;
  if (!hidden && (hotX >= width || hotY >= height)) throw new ProtocolError("a cursor's hot spot is outside");
  if (b.length !== headerSize + width * height * 4) throw new ProtocolError("cursor and its pixels do not match");
  return { width, height, hotX, hotY, pixels: Uint8ClampedArray.from(b.subarray(headerSize)) };
}

// A browser ignores pointers larger than this, in CSS pixels.
const largest = 128;
// A picture may be shown small; its pointer stays big enough to be seen.
const smallest = 0.5;

/**
 * The CSS value of a pointer that is shown at scale CSS pixels for each remote one, on a display with density device
 * pixels for each CSS pixel.
 */
export function cssCursor(shape: PointerShape, scale: number, density: number): string {
  const { width, height } = shape;
  if (width === 0 || height === 0) return "none";
  const s = Math.min(Math.max(scale, smallest), largest / Math.max(width, height));
  const [w, h] = [Math.max(1, Math.round(width * s * density)), Math.max(1, Math.round(height * s * density))];
  const canvas = document.createElement("canvas");
  canvas.width = width;
  canvas.height = height;
  canvas.getContext("2d")?.putImageData(new ImageData(shape.pixels, width, height), 0, 0);
  const scaled = document.createElement("canvas");
  scaled.width = w;
  scaled.height = h;
  const context = scaled.getContext("2d");
  if (!context) return "default";
  context.imageSmoothingQuality = "high";
  context.drawImage(canvas, 0, 0, w, h);
  const hot = (at: number, side: number) => Math.min(Math.floor(at * s), Math.max(0, Math.ceil(side * s) - 1));
  const image = `image-set(url("${scaled.toDataURL()}") ${density}x)`;
  return `${image} ${hot(shape.hotX, width)} ${hot(shape.hotY, height)}, default`;
}
