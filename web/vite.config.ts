import react from "@vitejs/plugin-react";
import { defineConfig } from "vitest/config";
import { mockPlugin } from "./dev/plugin.ts";
import { brotliPlugin } from "./vite/brotli.ts";
import { budgetPlugin } from "./vite/budget.ts";
import { zstdWasmPlugin } from "./vite/zstd-wasm.ts";

const report = process.env.VITEST_JSON;
const mock = process.env.DESKHAND_MOCK !== undefined;
const server = process.env.DESKHAND_URL ?? "http://127.0.0.1:8080";

export default defineConfig({
  base: "/",
  plugins: [react(), zstdWasmPlugin(), brotliPlugin(), budgetPlugin(), ...(mock ? [mockPlugin()] : [])],
  worker: { format: "es", plugins: () => [zstdWasmPlugin()] },
  server: {
    proxy: mock
      ? undefined
      : { "/api": { target: server, ws: true }, "^/(join|s|download|client)(/|$)": { target: server } },
  },
  build: {
    target: "es2024",
    // The polyfill would be an inline script, which our Content-Security-Policy forbids; every browser of today preloads modules.
    modulePreload: { polyfill: false },
    assetsInlineLimit: 0,
    sourcemap: false,
  },
  test: {
    reporters: report ? ["default", "json"] : ["default"],
    outputFile: report ? { json: report } : undefined,
    // Whole pages run in jsdom; the rest needs no document.
    projects: [
      {
        extends: true,
        test: { name: "node", environment: "node", include: ["src/**/*.test.ts", "vite/**/*.test.ts"] },
      },
      {
        extends: true,
        test: {
          name: "jsdom",
          environment: "jsdom",
          include: ["src/**/*.test.tsx"],
          setupFiles: ["src/test/setup.ts"],
          css: false,
          testTimeout: 30_000,
        },
      },
    ],
  },
});
