// Acks: docs/protocol.md, "Ack". The Go twin is wire/ack.go; both replay wire/testdata/ack.json.

export interface Ack {
  /** Of the update that is shown. */
  id: number;
  /** Time from its last byte to its showing, µs. */
  decodeMicros: number;
  /** Updates received and not yet shown. */
  queue: number;
}

const highest = 0xffff_ffff;

/** Encodes a message of the ack channel. What is too large for its place becomes the largest that fits. */
export function encodeAck({ id, decodeMicros, queue }: Ack): Uint8Array<ArrayBuffer> {
  const view = new DataView(new ArrayBuffer(9));
  view.setUint32(0, id);
  view.setUint32(4, Math.min(Math.round(decodeMicros), highest));
  view.setUint8(8, Math.min(queue, 255));
  return new Uint8Array(view.buffer);
}
