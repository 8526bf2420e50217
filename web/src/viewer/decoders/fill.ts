import type { Surface } from "../surface";

/** Op 2, fill: operands r u8, g u8, b u8. */
export const fillSize = 3;

export function fill(b: Uint8Array, at: number, surface: Surface, x: number, y: number, w: number, h: number): void {
  surface.fill(x, y, w, h, (0xff000000 | (b[at + 2]! << 16) | (b[at + 1]! << 8) | b[at]!) >>> 0);
}
