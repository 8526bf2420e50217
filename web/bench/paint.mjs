// Ways to bring pixels and video frames from a worker to the page, measured in a real browser:
//
//   node web/bench/paint.mjs [--seconds 4] [--scale 0.95] [--only NAME,…] [--gpu]
//
// prints JSON: ms from the worker having the pixels to the first animation frame in which drawImage sees them, and the CPU of all of the
// browser's processes while updates come at the rate of the workload. The machine must be otherwise idle.

import { readFile } from "node:fs/promises";
import { createServer } from "node:http";
import { createRequire } from "node:module";
import { cpuOf, processTree } from "./processes.mjs";

const { chromium } = createRequire(process.env.E2E ?? new URL("../../e2e/package.json", import.meta.url))(
  "playwright-core",
);

const option = (name, other) => {
  const at = process.argv.indexOf(`--${name}`);
  return at < 0 ? other : process.argv[at + 1];
};
const seconds = Number(option("seconds", "4"));
const scale = Number(option("scale", "0.95"));
const only = option("only", "").split(",").filter(Boolean);

/** What is painted, how often a second. */
const workloads = { still: 0, tile: 20, scroll: 20, whole: 10, video: 30 };
const pixels = ["page-2d", "page-2d_often", "page-2d_now", "page-webgl", "worker-2d", "worker-webgl"];
const videos = [
  "page-2d-frame",
  "page-2d-rgba",
  "page-2d-i420",
  "page-webgl-frame",
  "worker-2d-frame",
  "worker-webgl-frame",
];

const names = ["paint.html", "paint_page.mjs", "paint_worker.mjs", "paint_gl.mjs", "video.mjs"];
const server = createServer(async (request, response) => {
  const name = names.find((n) => request.url === `/${n}`);
  if (!name) return response.writeHead(404).end();
  response.writeHead(200, {
    "Content-Type": name.endsWith("html") ? "text/html" : "text/javascript",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Embedder-Policy": "require-corp",
  });
  response.end(await readFile(new URL(name, import.meta.url)));
});
await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
const address = `http://127.0.0.1:${server.address().port}/paint.html`;

const results = [];
for (const [workload, rate] of Object.entries(workloads)) {
  for (const way of workload === "video" ? videos : pixels) {
    if (only.length > 0 && !only.includes(way) && !only.includes(workload)) continue;
    results.push(await measure(workload, rate, way));
    console.error(JSON.stringify(results.at(-1)));
  }
}
server.close();
console.log(JSON.stringify({ scale, seconds, results }, null, 1));

/** A browser of its own for each, so that none works on what another left. */
async function measure(workload, rate, way) {
  const before = new Set(processTree(process.pid).map((p) => p.pid));
  const browser = await chromium.launch({
    executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium",
    args: ["--no-sandbox", ...(process.argv.includes("--gpu") ? [] : ["--disable-gpu"])],
  });
  try {
    const page = await browser.newPage({ viewport: { width: 1920, height: 1080 } });
    page.on("console", (m) => m.type() === "error" && console.error("page:", m.text()));
    page.on("pageerror", (e) => console.error("page:", e.message));
    await page.goto(address);
    const missing = await page.evaluate((o) => globalThis.setUp(o), { way, workload, rate, scale });
    if (missing) return { workload, way, missing };
    await page.evaluate(() => globalThis.warmUp());
    const pids = processTree(process.pid)
      .filter((p) => !before.has(p.pid))
      .map((p) => p.pid);
    const [cpu, began] = [cpuOf(pids), performance.now()];
    const seen = await page.evaluate((s) => globalThis.run(s), seconds);
    const used = cpuOf(pids);
    const elapsed = (performance.now() - began) / 1000;
    const names = Object.keys(used);
    const percent = Object.fromEntries(names.map((n) => [n, Math.round(((used[n] - (cpu[n] ?? 0)) / elapsed) * 100)]));
    const total = Object.values(percent).reduce((a, b) => a + b, 0);
    return { workload, way, ...seen, cpu: total, of: percent };
  } finally {
    await browser.close();
  }
}
