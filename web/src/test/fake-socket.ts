/** A WebSocket that a test holds the other end of. */
export class FakeSocket {
  static readonly all: FakeSocket[] = [];
  readonly url: string;
  closed = false;
  onopen: (() => void) | null = null;
  onmessage: ((event: { data: string }) => void) | null = null;
  onclose: (() => void) | null = null;

  constructor(url: string) {
    this.url = url;
    FakeSocket.all.push(this);
  }

  static get last(): FakeSocket {
    return FakeSocket.all.at(-1)!;
  }

  close(): void {
    this.closed = true;
  }

  /** What the server says. */
  say(message: unknown): void {
    this.onmessage?.({ data: JSON.stringify(message) });
  }
}
