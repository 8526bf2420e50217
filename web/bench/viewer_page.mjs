// The page of viewer.mjs: the viewer as it is in the console, and a look at its canvas at each animation frame.

import { createViewer } from "../src/viewer/viewer";
import { encodeVideo, markOf } from "./video.mjs";

const canvas = document.querySelector("canvas");
const small = new OffscreenCanvas(1, 1).getContext("2d", { willReadFrequently: true });
let spot;
let last;
let seen = [];

globalThis.connect = () => {
  globalThis.viewer = createViewer({
    canvas,
    connect: async (commitment) => JSON.parse(await globalThis.connectTo(commitment)),
    onState: (state) => {
      globalThis.state = state;
    },
  });
};

/** Begins to look at a place for marks. */
globalThis.look = (x, y) => {
  if (!spot) requestAnimationFrame(tick);
  spot = { x, y };
  seen = [];
  last = undefined;
};

/** When each mark was seen first, ms since 1970. */
globalThis.taken = () => seen.splice(0);

/** The pixels of a part of the canvas. */
globalThis.pixels = (x, y, w, h) => {
  const c = new OffscreenCanvas(w, h).getContext("2d", { willReadFrequently: true });
  c.drawImage(canvas, -x, -y);
  return [...c.getImageData(0, 0, w, h).data];
};

globalThis.encodeVideo = async (...args) => {
  const base64 = (bytes) => btoa(bytes.reduce((s, b) => s + String.fromCharCode(b), ""));
  const frames = await encodeVideo(...args);
  return frames.map(({ key, bytes }) => ({ key, data: base64(bytes) }));
};

addEventListener(
  "keydown",
  (event) => {
    globalThis.pressed = performance.timeOrigin + event.timeStamp;
  },
  true,
);

function tick() {
  requestAnimationFrame(tick);
  small.drawImage(canvas, spot.x, spot.y, 1, 1, 0, 0, 1, 1);
  const mark = markOf(small.getImageData(0, 0, 1, 1).data[0]);
  if (mark !== last && last !== undefined) seen.push({ mark, at: performance.timeOrigin + performance.now() });
  last = mark;
}
