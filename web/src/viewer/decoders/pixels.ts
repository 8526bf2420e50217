import type { Surface } from "../surface";

/** Op 3, pixels: no operands; w×h×4 bytes R, G, B, 255 come from the pixels behind all changes. */
export const pixelsSize = 0;

/** Takes the pixels at src and returns where the next ones are. */
export function pixels(src: number, surface: Surface, x: number, y: number, w: number, h: number): number {
  surface.pixels(x, y, w, h, src);
  return src + w * h * 4;
}

/** Op 8, gray: no operands; w×h bytes, each of which is R, G and B. Returns where the next pixels are. */
export function gray(src: number, surface: Surface, x: number, y: number, w: number, h: number): number {
  surface.gray(x, y, w, h, src);
  return src + w * h;
}
