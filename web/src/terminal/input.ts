// What is typed, on its way to the shell: never more than the shell's side takes, so that a large paste holds nothing up.

/** The most bytes that are under way, and of one message. */
const window = 64 << 10;
const piece = 8 << 10;
/** The most bytes that wait here; more is a mistake. */
const longest = 4 << 20;
const interrupt = 0x03;

export class InputQueue {
  private readonly send: (message: Uint8Array<ArrayBuffer>) => void;
  private waiting: Uint8Array<ArrayBuffer>[] = [];
  private size = 0;
  private sent = 0n;
  private taken = 0n;

  constructor(send: (message: Uint8Array<ArrayBuffer>) => void) {
    this.send = send;
  }

  /** Types. Ctrl-C overtakes what still waits, which is then forgotten, as a terminal's own line is. */
  add(data: Uint8Array<ArrayBuffer>): void {
    if (data.length === 1 && data[0] === interrupt) {
      this.waiting = [];
      this.size = 0;
      this.put(data);
      return;
    }
    if (data.length === 0 || this.size + data.length > longest) return;
    this.waiting.push(data);
    this.size += data.length;
    this.flow();
  }

  /** The shell has taken so many bytes since the connection began. */
  took(bytes: bigint): void {
    if (bytes > this.taken) this.taken = bytes;
    this.flow();
  }

  private flow(): void {
    for (let first = this.waiting[0]; first; first = this.waiting[0]) {
      const room = Math.min(piece, window - Number(this.sent - this.taken));
      if (room <= 0) return;
      this.put(first.slice(0, room));
      this.size -= Math.min(room, first.length);
      if (first.length > room) this.waiting[0] = first.subarray(room);
      else this.waiting.shift();
    }
  }

  private put(message: Uint8Array<ArrayBuffer>): void {
    this.sent += BigInt(message.length);
    this.send(message);
  }
}
