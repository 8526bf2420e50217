// The channels in a sealed connection: docs/protocol.md, "Sealed frame". The Go twin is wire/channel.go.

export const channel = { control: 0, screen: 1, ack: 2, cursor: 3, input: 4, prompt: 5 } as const;

/** The most bytes that a message of a channel may have; 0 for a channel that this version does not know. */
export function maxMessage(of: number): number {
  switch (of) {
    case channel.control:
    case channel.input:
    case channel.prompt:
      return 64 << 10;
    case channel.screen:
      return 64 << 20;
    case channel.ack:
      return 1 << 10;
    case channel.cursor:
      return 257 << 10;
  }
  return 0;
}

/** Whether a viewer sends on a channel. */
export function fromViewer(on: number): boolean {
  return on === channel.control || on === channel.ack || on === channel.input || on === channel.prompt;
}

/** Whether a client sends on a channel; a viewer takes nothing else. */
export function fromClient(on: number): boolean {
  return on === channel.control || on === channel.screen || on === channel.cursor || on === channel.prompt;
}
