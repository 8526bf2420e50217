// Op 4, keep, and op 5, recall: operands slot u16. Parts of the surface are put away in slots, cut into tiles, and drawn again.

import { ProtocolError } from "../protocol_error";
import type { HeapSurface } from "../surface";
import type { Heap } from "../zstd";

export const tilesSize = 2;

const side = 64;
const slots = 4096;
const slotBytes = side * side * 4;
const slabSlots = 64; // slots whose memory is taken together: 1 MiB

/** Tiles holds what is kept. Its memory grows as slots are used. */
export class Tiles {
  private readonly heap: Heap;
  /** What each slot holds, or will when the update that is checked has been drawn: width << 8 | height; 0: nothing. */
  private readonly sizes = new Uint16Array(slots);
  private readonly slabs = new Uint32Array(slots / slabSlots);

  constructor(heap: Heap) {
    this.heap = heap;
  }

  /** Forgets everything and gives the memory back. */
  clear(): void {
    this.sizes.fill(0);
    for (const slab of this.slabs) this.heap.free(slab);
    this.slabs.fill(0);
  }

  /**
   * Notes what will be kept, and takes memory for it. When the update turns out to be wrong, only a refresh can follow, which forgets
   * it.
   */
  willKeep(slot: number, w: number, h: number): void {
    const { sizes, slabs } = this;
    const end = lastSlot(slot, w, h);
    for (let slab = Math.floor(slot / slabSlots); slab * slabSlots < end; slab++) {
      if (slabs[slab] === 0) slabs[slab] = this.heap.alloc(slabSlots * slotBytes);
    }
    for (let y = 0; y < h; y += side) {
      for (let x = 0; x < w; x += side) sizes[slot++] = (Math.min(side, w - x) << 8) | Math.min(side, h - y);
    }
  }

  /** Checks that every slot will hold a tile of exactly the size that is recalled from it. */
  checkRecall(slot: number, w: number, h: number): void {
    lastSlot(slot, w, h);
    for (let y = 0; y < h; y += side) {
      for (let x = 0; x < w; x += side, slot++) {
        const [width, height] = [Math.min(side, w - x), Math.min(side, h - y)];
        if (this.sizes[slot] !== ((width << 8) | height)) {
          throw new ProtocolError(`slot ${slot} holds no tile of ${width}×${height}`);
        }
      }
    }
  }

  /** Copies a checked rectangle into slots. */
  keep(slot: number, surface: HeapSurface, x: number, y: number, w: number, h: number): void {
    this.each(slot, surface, x, y, w, h, true);
  }

  /** Draws checked slots. */
  recall(slot: number, surface: HeapSurface, x: number, y: number, w: number, h: number): void {
    this.each(slot, surface, x, y, w, h, false);
  }

  private each(slot: number, surface: HeapSurface, x: number, y: number, w: number, h: number, keep: boolean): void {
    for (let top = 0; top < h; top += side) {
      const height = Math.min(side, h - top);
      for (let left = 0; left < w; left += side, slot++) {
        const tile = this.slabs[Math.floor(slot / slabSlots)]! + (slot % slabSlots) * slotBytes;
        const width = Math.min(side, w - left);
        if (keep) surface.save(x + left, y + top, width, height, tile);
        else surface.pixels(x + left, y + top, width, height, tile);
      }
    }
  }
}

/** The slot after the last one that w×h need from slot on; there must be as many. */
function lastSlot(slot: number, w: number, h: number): number {
  const end = slot + Math.ceil(w / side) * Math.ceil(h / side);
  if (end > slots) throw new ProtocolError(`${w}×${h} from slot ${slot} on`);
  return end;
}
