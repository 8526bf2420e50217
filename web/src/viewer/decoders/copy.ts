import type { Surface } from "../surface";

/** Op 1, copy: operands sx u16, sy u16. Moves what is on the surface after the changes before this one. */
export const copySize = 4;

/** Whether the source lies on the surface: its corner may be at (maxX, maxY) at most. */
export function checkCopy(b: Uint8Array, at: number, maxX: number, maxY: number): boolean {
  return ((b[at]! << 8) | b[at + 1]!) <= maxX && ((b[at + 2]! << 8) | b[at + 3]!) <= maxY;
}

export function copy(b: Uint8Array, at: number, surface: Surface, x: number, y: number, w: number, h: number): void {
  surface.copy(x, y, w, h, (b[at]! << 8) | b[at + 1]!, (b[at + 2]! << 8) | b[at + 3]!);
}
