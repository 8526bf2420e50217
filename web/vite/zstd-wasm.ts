import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath, pathToFileURL } from "node:url";
import type { Plugin } from "vite";

// The package zstddec carries its WebAssembly as base64 text and loads it by a data: URL, which our Content-Security-Policy
// forbids. This plugin takes the module out, so that
//
//   import wasmUrl from "virtual:zstd.wasm?url";
//
// is the address of a hashed asset (build), of a served file (dev), or a file: URL that a test can read (vitest).

const NAME = "virtual:zstd.wasm?url";

/** The WebAssembly module of zstddec's streaming build. */
export function zstdWasm(): Uint8Array {
  const source = readFileSync(fileURLToPath(import.meta.resolve("zstddec/stream")), "latin1");
  const base64 = source.match(/["'`](AGFzb[A-Za-z0-9+/]+=*)["'`]/)?.[1];
  if (!base64) throw new Error("zstddec/stream holds no WebAssembly module any more: look at its dist/");
  return Buffer.from(base64, "base64");
}

export function zstdWasmPlugin(): Plugin {
  const dir = fileURLToPath(new URL("../node_modules/.cache/deskhand/", import.meta.url));
  const file = `${dir}zstd.wasm`;
  return {
    name: "deskhand:zstd-wasm",
    enforce: "pre",
    buildStart() {
      mkdirSync(dir, { recursive: true });
      writeFileSync(file, zstdWasm());
    },
    resolveId(id) {
      if (id !== NAME) return undefined;
      return process.env.VITEST ? `\0${NAME}` : `${file}?url&no-inline`;
    },
    load(id) {
      if (id === `\0${NAME}`) return `export default ${JSON.stringify(pathToFileURL(file).href)};`;
      return undefined;
    },
  };
}
