// The whole viewer in a real browser, at the other end of a relay and a client that are this program:
//
//   node web/bench/viewer.mjs [--seconds 5] [--only idle,typing,scroll,whole,video,key,videokey] [--trace DIR] [--gpu]
//
// prints JSON: ms from sending an update to the first animation frame that shows it, ms to its ack, and the CPU of the browser's processes and
// threads, % of a core. It fails when a video's pixels are not what was encoded, or the surface below is not what it was. The machine
// must be otherwise idle for the figures to mean something.

import { mkdirSync } from "node:fs";
import { createServer as createHttp } from "node:http";
import { createRequire } from "node:module";
import { fileURLToPath } from "node:url";
import { createServer } from "vite";
import { cpuOf, processTree, threadsOf } from "./processes.mjs";
import { RelayEnd } from "./socket.mjs";
import { corner, greyOf, marks } from "./video.mjs";

const { chromium } = createRequire(process.env.E2E ?? new URL("../../e2e/package.json", import.meta.url))(
  "playwright-core",
);

const option = (name, other) => {
  const at = process.argv.indexOf(`--${name}`);
  return at < 0 ? other : process.argv[at + 1];
};
const seconds = Number(option("seconds", "5"));
const only = option("only", "idle,typing,scroll,whole,video,key,videokey").split(",");
const traceTo = option("trace");
const categories = [
  "toplevel",
  "cc",
  "viz",
  "blink",
  "gpu",
  "media",
  "v8",
  "devtools.timeline",
  "disabled-by-default-v8.cpu_profiler",
];
const [width, height] = [1920, 1080];

const vite = await createServer({
  root: fileURLToPath(new URL("..", import.meta.url)),
  configFile: fileURLToPath(new URL("../vite.config.ts", import.meta.url)),
  logLevel: "error",
  server: {
    host: "127.0.0.1",
    port: 0,
    hmr: false,
    ws: false,
    watch: null,
    headers: { "Cross-Origin-Opener-Policy": "same-origin", "Cross-Origin-Embedder-Policy": "require-corp" },
  },
});
await vite.listen();
const load = (path) => vite.ssrLoadModule(path);
const [{ TestClient }, { UpdateWriter }, { decodeFrames }, { maxPart }] = await Promise.all(
  ["viewer/viewertest/client.ts", "viewer/viewertest/updates.ts", "wire/frame.ts", "wire/seal.ts"].map((p) =>
    load(`/src/${p}`),
  ),
);

let arrived;
const relay = createHttp();
relay.on("upgrade", (request, socket) => arrived(new RelayEnd(request, socket, decodeFrames)));
await new Promise((resolve) => relay.listen(0, "127.0.0.1", resolve));

/** What the client sends. */
class Stream {
  client;
  #writer = new UpdateWriter();
  #video;
  #count = 0;
  #id = 0;
  background = [240, 240, 236];

  constructor(client, video) {
    this.client = client;
    this.#video = video.map(({ key, data }) => ({ key, data: new Uint8Array(Buffer.from(data, "base64")) }));
  }

  /** A refresh. */
  whole() {
    return this.send([{ op: "fill", x: 0, y: 0, w: width, h: height, rgb: this.background }], { width, height, id: 1 });
  }

  /** Sends an update, in as many parts as it needs. */
  async send(changes, options = {}) {
    const message = this.#writer.update(options, changes);
    this.#id = options.id ?? this.#id + 1;
    const parts = [];
    for (let at = 0; at < message.length; at += maxPart) {
      const data = message.slice(at, at + maxPart);
      parts.push(this.client.sealer.seal({ channel: 1, last: at + data.length === message.length, data }));
    }
    for (const frame of await Promise.all(parts)) this.client.socket.arrive(frame);
  }

  /** Plays a workload, and says what was sent when. */
  async run(name, rate, time) {
    const sent = [];
    if (name === "video") this.#count = Math.ceil(this.#count / this.#video.length) * this.#video.length;
    const end = performance.now() + time * 1000;
    for (let next = performance.now(); performance.now() < end; ) {
      if (rate > 0) {
        const mark = this.#count++ % marks;
        const at = now();
        await this.send(this.changes(name, mark));
        sent.push({ mark, at, id: this.#id });
      }
      next += rate > 0 ? 1000 / rate : time * 1000;
      await new Promise((resolve) => setTimeout(resolve, next - performance.now()));
    }
    return sent;
  }

  changes(name, mark) {
    switch (name) {
      case "typing":
        return this.#typing(mark);
      case "scroll":
        return this.#scroll(mark);
      case "whole":
        return this.#page(mark);
    }
    return this.#videoFrame();
  }

  #typing(mark) {
    return [this.mark(mark), { op: "pixels", x: 600, y: 400, w: 10, h: 18, pixels: text(10, 18, this.#count) }];
  }

  /** Three lines up: a copy, and as many bytes of new text as a packed strip of text has. */
  #scroll(mark) {
    const strip = { op: "fill", x: 300, y: 966, w: 1200, h: 54, rgb: this.background };
    const words = Array.from({ length: 16 }, (_, i) => ({
      ...{ op: "pixels", x: 310 + i * 70, y: 970, w: 10, h: 16 },
      pixels: text(10, 16, this.#count + i),
    }));
    return [{ op: "copy", x: 300, y: 120, w: 1200, h: 846, sx: 300, sy: 174 }, strip, ...words, this.mark(mark)];
  }

  /** Another picture: as many bytes as a page of text. */
  #page(mark) {
    const words = Array.from({ length: 160 }, (_, i) => ({
      ...{ op: "pixels", x: 20 + (i % 20) * 90, y: 20 + Math.floor(i / 20) * 110, w: 14, h: 14 },
      pixels: text(14, 14, this.#count + i),
    }));
    return [{ op: "fill", x: 0, y: 0, w: width, h: height, rgb: [mark * 3, 200, 210] }, ...words, this.mark(mark)];
  }

  /** The marks of the frames are those of the count: there are a multiple of marks of them. */
  #videoFrame() {
    const at = (this.#count - 1) % this.#video.length;
    const { key, data } = this.#video[at];
    return [{ op: "video", x: 300, y: 120, w: 1280, h: 720, stream: 0, codec: 1, key, data }];
  }

  mark(mark, x = 300, y = 120) {
    return { op: "fill", x, y, w: 32, h: 32, rgb: Array(3).fill(greyOf(mark)) };
  }
}

/** Noise that does not pack. */
function text(w, h, seed) {
  const pixels = new Uint8Array(w * h * 4);
  let s = seed + 1;
  for (let i = 0; i < pixels.length; i++) {
    s = (Math.imul(s, 1103515245) + 12345) >>> 0;
    pixels[i] = i % 4 === 3 ? 255 : s >>> 24;
  }
  return pixels;
}

if (traceTo) mkdirSync(traceTo, { recursive: true });
const before = new Set(processTree(process.pid).map((p) => p.pid));
const browser = await chromium.launch({
  executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium",
  args: ["--no-sandbox", ...(process.argv.includes("--gpu") ? [] : ["--disable-gpu"])],
});
const report = {};
try {
  const page = await browser.newPage({ viewport: { width, height } });
  page.on("console", (m) => ["error", "warning"].includes(m.type()) && console.error("page:", m.text()));
  page.on("pageerror", (e) => console.error("page:", e.message));
  const client = new TestClient();
  await page.exposeFunction("connectTo", async (commitment) => {
    const come = new Promise((resolve) => {
      arrived = resolve;
    });
    come.then((socket) => {
      client.socket = socket;
      return begin(client, commitment);
    });
    return JSON.stringify({
      relayUrl: `ws://127.0.0.1:${relay.address().port}/`,
      relayTicket: "ticket",
      consentSeconds: 30,
      unattended: false,
    });
  });
  await page.goto(`${vite.resolvedUrls.local[0]}bench/viewer.html`);
  await page.waitForFunction(() => globalThis.connect);
  const stream = new Stream(client, await page.evaluate(() => globalThis.encodeVideo("vp8", 1280, 720, 64, 3e6)));
  await page.evaluate(() => globalThis.connect());
  await page.waitForFunction(() => globalThis.state?.phase === "live");
  await stream.whole();
  await page.waitForFunction(() => document.querySelector("canvas").dataset.updateId);
  await page.evaluate(() => globalThis.look(310, 130));
  report.capabilities = client.capabilities;
  for (const name of only) {
    report[name] = await (name.endsWith("key") ? keys(page, stream, name) : measure(page, stream, name));
    console.error(name, JSON.stringify(report[name]));
  }
  report.checked = await check(page, stream);
  console.log(JSON.stringify(report, null, 1));
} finally {
  await browser.close();
  await vite.close();
  relay.close();
  relay.closeAllConnections();
}
process.exit(0);

/** The key exchange, consent, and then the reading of what the viewer says. */
async function begin(client, commitment) {
  await client.meet(commitment);
  client.acks = [];
  void (async () => {
    for (;;) {
      const { channel, data } = await client.hear();
      if (channel === 4 && data[0] === 4 && data[1] === 1) client.onKey?.();
      if (channel === 2) client.acks.push({ id: new DataView(data.buffer, data.byteOffset).getUint32(0), at: now() });
      if (channel === 0 && !client.capabilities)
        client.capabilities = [
          ...Buffer.from(data)
            .toString("latin1")
            .matchAll(/video:\w+/g),
        ].map(String);
    }
  })();
  await client.say({ case: "consent", value: { state: 2, level: 2 } });
}

function now() {
  return performance.timeOrigin + performance.now();
}

async function measure(page, stream, name) {
  const rate = { idle: 0, typing: 10, scroll: 20, whole: 5, video: 30 }[name];
  await stream.run(name, rate, 1);
  const pids = processTree(process.pid)
    .filter((p) => !before.has(p.pid))
    .map((p) => p.pid);
  await page.evaluate(() => globalThis.taken());
  stream.client.acks.length = 0;
  if (traceTo) await browser.startTracing(page, { path: `${traceTo}/${name}.json`, categories });
  const [cpu, threads, began, bytes] = [cpuOf(pids), threadsOf(pids), performance.now(), stream.client.socket.bytes];
  const sent = await stream.run(name, rate, seconds);
  const [cpu2, threads2] = [cpuOf(pids), threadsOf(pids)];
  const elapsed = (performance.now() - began) / 1000;
  if (traceTo) await browser.stopTracing();
  const seen = await page.evaluate(() => globalThis.taken());
  const percent = (a, b) =>
    Object.fromEntries(
      Object.keys(b)
        .map((k) => [k, Math.round(((b[k] - (a[k] ?? 0)) / elapsed) * 1000) / 10])
        .filter(([, v]) => v >= 0.5),
    );
  const of = percent(cpu, cpu2);
  return {
    visible: quantiles(sent.map(({ mark, at }) => seen.find((s) => s.mark === mark && s.at > at)?.at - at)),
    ack: quantiles(sent.map(({ id, at }) => stream.client.acks.find((a) => ((a.id - id) | 0) >= 0)?.at - at)),
    sent: sent.length,
    seen: seen.length,
    acks: stream.client.acks.length,
    kbytes: Math.round((stream.client.socket.bytes - bytes) / elapsed / 100) / 10,
    cpu: Math.round(Object.values(of).reduce((a, b) => a + b, 0)),
    of,
    threads: percent(threads, threads2),
  };
}

/** ms from a key press to the animation frame that shows the answer, which is sent as soon as the key has come. */
async function keys(page, stream, name) {
  await page.evaluate(() => globalThis.look(36, 36));
  await page.evaluate(() => globalThis.viewer.focus());
  let key = 0;
  stream.client.onKey = () => void stream.send([stream.mark(key++ % marks, 20, 20)]);
  const playing = name === "videokey" ? stream.run("video", 30, 1 + seconds) : undefined;
  const times = [];
  for (const end = performance.now() + seconds * 1000; performance.now() < end; ) {
    await new Promise((resolve) => setTimeout(resolve, 120 + Math.random() * 100));
    await page.keyboard.down("a");
    await new Promise((resolve) => setTimeout(resolve, 15));
    await page.keyboard.up("a");
    await new Promise((resolve) => setTimeout(resolve, 100));
    const { pressed, seen } = await page.evaluate(() => ({ pressed: globalThis.pressed, seen: globalThis.taken() }));
    times.push(...seen.slice(0, 1).map(({ at }) => at - pressed));
  }
  stream.client.onKey = undefined;
  await playing;
  await page.evaluate(() => globalThis.look(310, 130));
  return { keys: times.length, keyToPixel: quantiles(times) };
}

function quantiles(list) {
  const sorted = list.filter((x) => x > 0).sort((a, b) => a - b);
  const at = (q) => Math.round((sorted[Math.floor(sorted.length * q)] ?? -1) * 10) / 10;
  return { p50: at(0.5), p95: at(0.95) };
}

/** Real pixels of each codec, in their place and nowhere else; and the surface below as it was. */
async function check(page, stream) {
  const codecs = { vp8: [1, "vp8"], vp9: [2, "vp09.00.10.08"], h264: [3, "avc1.42001f"], jpeg: [4, "jpeg"] };
  const checked = [];
  await stream.whole();
  for (const [name, [codec, webCodec]] of Object.entries(codecs)) {
    // Odd sizes: the picture is larger than its place. The mark is the third.
    const frames = await page
      .evaluate((c) => globalThis.encodeVideo(c, 322, 242, 3, 3e6), webCodec)
      .catch((e) => {
        console.error(name, "cannot be encoded here:", e.message.split("\n")[0]);
      });
    for (const { key, data } of frames ?? []) {
      const frame = { stream: 2, codec, key, data: new Uint8Array(Buffer.from(data, "base64")) };
      await stream.send([{ op: "video", x: 401, y: 203, w: 321, h: 241, ...frame }]);
    }
    if (!frames) continue;
    await new Promise((resolve) => setTimeout(resolve, 300));
    const grey = Array(3).fill(greyOf(2));
    await expectPixels(page, name, [
      ["mark", 417, 219, grey, 5],
      ["corner", 401 + 310, 203 + 230, corner, 8],
      ["beside it", 400, 300, stream.background, 0],
      ["below it", 500, 203 + 241, stream.background, 0],
    ]);
    await stream.send([{ op: "reveal", x: 0, y: 0, w: width, h: 300 }]);
    await new Promise((resolve) => setTimeout(resolve, 100));
    await expectPixels(page, name, [
      ["revealed", 417, 219, stream.background, 0],
      ["corner still", 401 + 310, 203 + 230, corner, 8],
    ]);
    await stream.send([{ op: "reveal", x: 0, y: 300, w: width, h: height - 300 }]);
    checked.push(name);
  }
  return checked;
}

async function expectPixels(page, name, wanted) {
  for (const [what, x, y, colour, most] of wanted) {
    const got = (await page.evaluate(([a, b]) => globalThis.pixels(a, b, 1, 1), [x, y])).slice(0, 3);
    if (Math.max(...colour.map((c, i) => Math.abs(c - got[i]))) > most) {
      throw new Error(`${name}, ${what}: ${got}, not ${colour}`);
    }
  }
}
