import { readFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import wasmUrl from "virtual:zstd.wasm?url";
import { Heap } from "../zstd";

/** A heap as the worker has it, in node. */
export async function testHeap(): Promise<Heap> {
  return Heap.create(await WebAssembly.compile(await readFile(fileURLToPath(wasmUrl))));
}
