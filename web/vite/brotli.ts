import { brotliCompressSync, constants } from "node:zlib";
import type { Plugin } from "vite";

// The build holds each script, style and module a second time in brotli, which the server sends to browsers that take it
// (server/console). Compressing happens once, here.

const worth = /\.(js|css|wasm|svg)$/;
const done = new Map<string | Uint8Array, Buffer>();

/** The smallest brotli of a file. */
export function compressed(content: string | Uint8Array): Buffer {
  const known = done.get(content);
  if (known) return known;
  const bytes = Buffer.from(content);
  const made = brotliCompressSync(bytes, { params: { [constants.BROTLI_PARAM_SIZE_HINT]: bytes.length } });
  done.set(content, made);
  return made;
}

export function brotliPlugin(): Plugin {
  return {
    name: "deskhand:brotli",
    apply: "build",
    generateBundle: {
      order: "post",
      handler(_options, bundle) {
        for (const one of Object.values(bundle)) {
          if (!worth.test(one.fileName)) continue;
          const content = one.type === "chunk" ? one.code : one.source;
          this.emitFile({ type: "asset", fileName: `${one.fileName}.br`, source: compressed(content) });
        }
      },
    },
  };
}
