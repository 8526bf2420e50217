// The relay's end of a WebSocket, in the form of wiretest's TestSocket.

import { createHash } from "node:crypto";

const guid = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";

export class RelayEnd {
  #socket;
  #frames = [];
  #wake = () => {};
  #rest = Buffer.alloc(0);
  #decodeFrames;
  bytes = 0;

  /** Takes over a connection that asks for an upgrade. */
  constructor(request, socket, decodeFrames) {
    const accept = createHash("sha1")
      .update(request.headers["sec-websocket-key"] + guid)
      .digest("base64");
    socket.write(
      `HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: ${accept}\r\n\r\n`,
    );
    socket.setNoDelay();
    socket.on("data", (data) => this.#take(data));
    socket.on("error", () => {});
    this.#socket = socket;
    this.#decodeFrames = decodeFrames;
  }

  open() {}

  /** Each call is one WebSocket message. */
  arrive(...frames) {
    const size = frames.reduce((sum, f) => sum + f.length, 0);
    const head = Buffer.alloc(size < 126 ? 2 : size < 65536 ? 4 : 10);
    head[0] = 0x82;
    head[1] = size < 126 ? size : size < 65536 ? 126 : 127;
    if (head[1] === 126) head.writeUInt16BE(size, 2);
    if (head[1] === 127) head.writeBigUInt64BE(BigInt(size), 2);
    this.bytes += size + head.length;
    this.#socket.cork();
    this.#socket.write(head);
    for (const frame of frames) this.#socket.write(frame);
    this.#socket.uncork();
  }

  async next() {
    for (;;) {
      const frame = this.#frames.shift();
      if (frame) return frame;
      await new Promise((resolve) => {
        this.#wake = resolve;
      });
    }
  }

  #take(data) {
    let b = Buffer.concat([this.#rest, data]);
    for (;;) {
      if (b.length < 2) break;
      let size = b[1] & 0x7f;
      const head = (size === 126 ? 4 : size === 127 ? 10 : 2) + 4;
      if (b.length < head) break;
      if (size === 126) size = b.readUInt16BE(2);
      else if (size === 127) size = Number(b.readBigUInt64BE(2));
      if (b.length < head + size) break;
      const payload = new Uint8Array(b.subarray(head, head + size));
      for (let i = 0; i < size; i++) payload[i] ^= b[head - 4 + (i % 4)];
      if ((b[0] & 15) === 2) this.#frames.push(...this.#decodeFrames(payload));
      b = b.subarray(head + size);
      this.#wake();
    }
    this.#rest = b;
  }
}
