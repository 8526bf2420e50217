// Videos for the benchmarks, made in the browser: moving content with grain, and a grey mark in the top left corner that tells the frames apart.

export const marks = 8;

/** The grey of a mark. */
export const greyOf = (mark) => 20 + mark * 25;
/** The mark of a grey that may have been through a video. */
export const markOf = (grey) => Math.round((grey - 20) / 25);

/** The colour of the bottom right corner. */
export const corner = [200, 120, 60];

/** Frames as bytes; codec: a name of WebCodecs, or "jpeg". */
export async function encodeVideo(codec, w, h, count, bitrate) {
  const frames = [];
  const encoder = new VideoEncoder({
    output: (chunk) => {
      const bytes = new Uint8Array(chunk.byteLength);
      chunk.copyTo(bytes);
      frames.push({ key: chunk.type === "key", bytes });
    },
    error: (e) => console.error(e),
  });
  const avc = codec.startsWith("avc1") ? { avc: { format: "annexb" } } : {};
  const config = { codec, width: w, height: h, bitrate, framerate: 30, latencyMode: "quality", ...avc };
  if (codec !== "jpeg") encoder.configure(config);
  const canvas = new OffscreenCanvas(w, h);
  const context = canvas.getContext("2d", { willReadFrequently: true });
  for (let i = 0; i < count; i++) {
    draw(context, w, h, i);
    if (codec === "jpeg") {
      const blob = await canvas.convertToBlob({ type: "image/jpeg", quality: 0.9 });
      frames.push({ key: true, bytes: new Uint8Array(await blob.arrayBuffer()) });
      continue;
    }
    const frame = i420(context.getImageData(0, 0, w, h), i * 33333);
    encoder.encode(frame, { keyFrame: i === 0 });
    frame.close();
  }
  if (codec !== "jpeg") await encoder.flush();
  encoder.close();
  if (frames.length !== count) throw new Error("the encoder has dropped frames");
  return frames;
}

function draw(context, w, h, i) {
  const gradient = context.createLinearGradient(i * 9, 0, w + i * 9, h);
  gradient.addColorStop(0, "#345");
  gradient.addColorStop(0.5, "#c96");
  gradient.addColorStop(1, "#274");
  context.fillStyle = gradient;
  context.fillRect(0, 0, w, h);
  for (let n = 0; n < 400; n++) {
    context.fillStyle = `hsl(${n * 7} 40% ${30 + (n % 50)}%)`;
    context.fillRect((n * 137 + i * (1 + (n % 5))) % w, (n * 61 + i * 2) % h, 30 + (n % 40), 20);
  }
  context.fillStyle = `rgb(${Array(3)
    .fill(greyOf(i % marks))
    .join(" ")})`;
  context.fillRect(0, 0, 32, 32);
  context.fillStyle = `rgb(${corner.join(" ")})`;
  context.fillRect(w - 32, h - 32, 32, 32);
}

/** BT.601, limited range: what the protocol says. */
function i420({ data, width: w, height: h }, timestamp) {
  const planes = new Uint8Array((w * h * 3) / 2);
  let [u, v] = [w * h, (w * h * 5) / 4];
  for (let y = 0, at = 0; y < h; y++) {
    for (let x = 0; x < w; x++, at++) {
      const [r, g, b] = [data[at * 4], data[at * 4 + 1], data[at * 4 + 2]];
      planes[at] = 16.5 + (65.481 * r + 128.553 * g + 24.966 * b) / 255;
      if (x % 2 || y % 2) continue;
      planes[u++] = 128.5 + (-37.797 * r - 74.203 * g + 112 * b) / 255;
      planes[v++] = 128.5 + (112 * r - 93.786 * g - 18.214 * b) / 255;
    }
  }
  const colorSpace = { primaries: "bt709", transfer: "iec61966-2-1", matrix: "smpte170m", fullRange: false };
  return new VideoFrame(planes, { format: "I420", codedWidth: w, codedHeight: h, timestamp, colorSpace });
}
