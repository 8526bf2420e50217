// The page's side of paint.mjs: paints what the worker sends, and looks at each animation frame for what is to be seen.

import { glPainter } from "./paint_gl.mjs";
import { markOf } from "./video.mjs";

const [width, height] = [1920, 1080];
let worker;
let canvas;
let painter;
let probe;
const waits = [];

globalThis.setUp = async ({ way, workload, rate, scale }) => {
  canvas = document.createElement("canvas");
  Object.assign(canvas, { width, height });
  Object.assign(canvas.style, { width: `${width * scale}px`, height: `${height * scale}px`, display: "block" });
  document.body.append(canvas);
  const small = document.createElement("canvas");
  Object.assign(small, { width: 1, height: 1 });
  probe = small.getContext("2d", { willReadFrequently: true });
  worker = new Worker("/paint_worker.mjs", { type: "module" });
  const [where, how] = way.split("-");
  let offscreen;
  if (where === "page") {
    painter = painters[how](canvas);
    if (!painter) return "no context";
  } else offscreen = canvas.transferControlToOffscreen();
  const ready = new Promise((resolve) => {
    worker.onmessage = ({ data }) => (data.ready === undefined ? paint(data) : resolve(data.ready));
  });
  worker.postMessage({ way, workload, rate, canvas: offscreen }, offscreen ? [offscreen] : []);
  requestAnimationFrame(look);
  return ready;
};

globalThis.warmUp = async () => {
  worker.postMessage({ run: 1000 });
  await new Promise((resolve) => setTimeout(resolve, 1200));
  waits.length = 0;
};

globalThis.run = async (seconds) => {
  worker.postMessage({ run: seconds * 1000 });
  await new Promise((resolve) => setTimeout(resolve, seconds * 1000));
  const sorted = waits.splice(0).sort((a, b) => a - b);
  const at = (q) => Math.round((sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * q))] ?? -1) * 10) / 10;
  return { seen: sorted.length, p50: at(0.5), p95: at(0.95) };
};

function paint(data) {
  if (data.began !== undefined) expected.set(data.mark, data.began);
  if (data.rect) {
    const { x, y, w, h } = data.rect;
    painter.pixels(x, y, w, h, data.buffer);
  }
  if (data.frame) {
    painter.frame(data.frame, data.at.x, data.at.y);
    data.frame.close();
  }
  if (data.buffer || data.frame)
    worker.postMessage({ shown: true, buffer: data.buffer }, data.buffer ? [data.buffer] : []);
}

/** When the worker had what shows each mark. */
const expected = new Map();
let last = -1;

function look() {
  requestAnimationFrame(look);
  probe.drawImage(canvas, 310, 130, 1, 1, 0, 0, 1, 1);
  const mark = markOf(probe.getImageData(0, 0, 1, 1).data[0]);
  if (mark === last || !expected.has(mark)) return;
  last = mark;
  waits.push(performance.timeOrigin + performance.now() - expected.get(mark));
}

const painters = {
  "2d": (canvas, options = {}) => {
    const context = canvas.getContext("2d", { alpha: false, ...options });
    return {
      pixels: (x, y, w, h, buffer) =>
        context.putImageData(new ImageData(new Uint8ClampedArray(buffer, 0, w * h * 4), w, h), x, y),
      frame: (frame, x, y) => context.drawImage(frame, x, y),
    };
  },
  "2d_often": (canvas) => painters["2d"](canvas, { willReadFrequently: true }),
  "2d_now": (canvas) => painters["2d"](canvas, { desynchronized: true }),
  webgl: (canvas) => glPainter(canvas),
};
