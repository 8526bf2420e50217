// Which videos this browser can show: the capabilities that the viewer announces.

import { codec } from "../decoders/video";
import { codecName, config } from "./stream";

const nothing = new Uint8Array();

/** Words for EndHello.capabilities. */
export async function videoCapabilities(): Promise<string[]> {
  if (typeof VideoFrame === "undefined") return [];
  const words: string[] = [];
  if (typeof VideoDecoder !== "undefined") {
    for (const name of ["vp8", "vp9", "h264"] as const) {
      try {
        const { supported } = await VideoDecoder.isConfigSupported(config(codecName(codec[name], nothing)));
        if (supported) words.push(`video:${name}`);
      } catch {
        // a browser that does not understand the question cannot do it
      }
    }
  }
  if (typeof ImageDecoder !== "undefined" || typeof createImageBitmap !== "undefined") words.push("video:jpeg");
  return words;
}
