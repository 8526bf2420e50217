// The worker's side of paint.mjs: makes pixels, or decodes frames of a video that it has made, and passes them on in one of the ways.

import { glPainter } from "./paint_gl.mjs";
import { encodeVideo, greyOf, marks } from "./video.mjs";

const [width, height] = [1920, 1080];
const spots = {
  still: { x: 300, y: 120, w: 64, h: 64 },
  tile: { x: 300, y: 120, w: 64, h: 64 },
  scroll: { x: 300, y: 120, w: 1200, h: 900 },
  whole: { x: 0, y: 0, w: width, h: height },
  video: { x: 300, y: 120, w: 1280, h: 720 },
};

let task;

self.onmessage = async ({ data }) => {
  if (data.way) {
    task = new Task(data);
    const missing = await task.prepare();
    postMessage({ ready: missing ?? "" });
  } else if (data.run) task.run(data.run);
  else if (data.shown) task.buffer = data.buffer ?? task.buffer;
};

class Task {
  constructor({ way, workload, rate, canvas }) {
    Object.assign(this, { way, workload, rate, canvas });
    this.spot = spots[workload];
    this.count = 0;
    this.source = new Uint8Array(width * height * 4).map((_, i) => (i % 4 === 3 ? 255 : (i * 7919) >> 5));
    this.buffer = undefined;
  }

  async prepare() {
    const { canvas, way } = this;
    if (canvas) {
      if (way.includes("webgl")) {
        this.painter = glPainter(canvas);
        if (!this.painter) return "no context";
      } else {
        const context = canvas.getContext("2d", { alpha: false });
        this.painter = {
          pixels: (x, y, w, h, b) =>
            context.putImageData(new ImageData(new Uint8ClampedArray(b, 0, w * h * 4), w, h), x, y),
          frame: (frame, x, y) => context.drawImage(frame, x, y),
        };
      }
    }
    if (this.workload !== "video") return undefined;
    const frames = await encodeVideo("vp8", this.spot.w, this.spot.h, 48, 3e6);
    this.chunks = frames.map(
      ({ key, bytes }) => new EncodedVideoChunk({ type: key ? "key" : "delta", timestamp: 0, data: bytes }),
    );
    this.decoder = new VideoDecoder({ output: (frame) => this.frame(frame), error: (e) => console.error(e) });
    this.decoder.configure({
      codec: "vp8",
      optimizeForLatency: true,
      colorSpace: { primaries: "bt709", transfer: "iec61966-2-1", matrix: "smpte170m", fullRange: false },
    });
    return undefined;
  }

  run(ms) {
    if (this.rate === 0) return;
    const end = performance.now() + ms;
    let next = performance.now();
    const step = () => {
      if (performance.now() > end) return;
      this.step();
      next += 1000 / this.rate;
      setTimeout(step, next - performance.now());
    };
    step();
  }

  step() {
    this.mark = this.count++ % marks;
    this.began = performance.timeOrigin + performance.now();
    if (this.workload === "video") this.decoder.decode(this.chunks[(this.count - 1) % this.chunks.length]);
    else this.pixels();
  }

  pixels() {
    const { spot, mark, began, source } = this;
    const size = spot.w * spot.h * 4;
    const buffer = this.take(size);
    new Uint8Array(buffer).set(source.subarray(0, size));
    const bytes = new Uint8Array(buffer, 0, size);
    for (let y = 130 - spot.y - 4; y < 130 - spot.y + 4; y++) {
      const at = (y * spot.w + 310 - spot.x - 4) * 4;
      for (let i = at; i < at + 32; i++) bytes[i] = i % 4 === 3 ? 255 : greyOf(mark);
    }
    if (this.painter) {
      this.painter.pixels(spot.x, spot.y, spot.w, spot.h, buffer);
      this.buffer = buffer;
      postMessage({ mark, began });
    } else postMessage({ mark, began, rect: spot, buffer }, [buffer]);
  }

  async frame(frame) {
    const { spot, way, mark, began } = this;
    if (this.painter) {
      this.painter.frame(frame, spot.x, spot.y);
      frame.close();
      postMessage({ mark, began });
    } else if (way.endsWith("-frame")) postMessage({ mark, began, frame, at: { x: spot.x, y: spot.y } }, [frame]);
    else {
      const size = spot.w * spot.h * 4;
      const buffer = this.take(size);
      if (way.endsWith("-rgba")) {
        await frame.copyTo(new Uint8Array(buffer), { format: "RGBA", colorSpace: "srgb" });
      } else {
        this.planes ??= new Uint8Array(frame.allocationSize());
        const { planes } = this;
        const layout = await frame.copyTo(planes);
        convert(planes, layout, spot.w, spot.h, new Uint8ClampedArray(buffer));
      }
      frame.close();
      postMessage({ mark, began, rect: spot, buffer }, [buffer]);
    }
  }

  take(size) {
    const { buffer } = this;
    this.buffer = undefined;
    return buffer?.byteLength >= size ? buffer : new ArrayBuffer(size);
  }
}

/** BT.601, limited range. */
function convert(planes, [py, pu, pv], w, h, out) {
  for (let y = 0; y < h; y++) {
    let [a, u, v, o] = [
      py.offset + y * py.stride,
      pu.offset + (y >> 1) * pu.stride,
      pv.offset + (y >> 1) * pv.stride,
      y * w * 4,
    ];
    for (let x = 0; x < w; x += 2, u++, v++) {
      const [cb, cr] = [planes[u] - 128, planes[v] - 128];
      const [r, g, b] = [409 * cr + 128, -100 * cb - 208 * cr + 128, 516 * cb + 128];
      for (let i = 0; i < 2; i++, o += 4) {
        const l = 298 * (planes[a++] - 16);
        out[o] = (l + r) >> 8;
        out[o + 1] = (l + g) >> 8;
        out[o + 2] = (l + b) >> 8;
        out[o + 3] = 255;
      }
    }
  }
}
