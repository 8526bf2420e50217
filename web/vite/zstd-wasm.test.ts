import { readFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import wasmUrl from "virtual:zstd.wasm?url";
import { expect, test } from "vitest";

test("the extracted module is WebAssembly and offers streaming", async () => {
  const module = await WebAssembly.compile(await readFile(fileURLToPath(wasmUrl)));
  const names = WebAssembly.Module.exports(module).map((e) => e.name);
  expect(names).toContain("ZSTD_decompressStream");
});
