// Input messages: docs/protocol.md, "Input".

export type InputEvent =
  | { kind: "pointer"; x: number; y: number }
  | { kind: "button"; button: number; down: boolean }
  | { kind: "wheel"; dx: number; dy: number }
  | { kind: "key"; down: boolean; modifiers: number; code: string; key: string }
  | { kind: "text"; text: string }
  | { kind: "releaseAll" };

/** Takes events that belong together, in their order. */
export type Send = (...events: InputEvent[]) => void;

/** Bytes that a text event may hold. */
export const maxText = 4096;
/** Bytes that the name of a key may have. */
export const maxKeyName = 32;

const utf8 = new TextEncoder();

/** Packs events into one message. Names and texts keep their limits already. */
export function encode(events: readonly InputEvent[]): Uint8Array<ArrayBuffer> {
  const bytes: number[] = [];
  for (const e of events) append(bytes, e);
  return Uint8Array.from(bytes);
}

function append(b: number[], e: InputEvent): void {
  switch (e.kind) {
    case "pointer":
      b.push(1, ...u16(e.x), ...u16(e.y));
      break;
    case "button":
      b.push(2, e.button, Number(e.down));
      break;
    case "wheel":
      b.push(3, ...u16(e.dx), ...u16(e.dy));
      break;
    case "key": {
      const code = utf8.encode(e.code);
      const key = utf8.encode(e.key);
      b.push(4, Number(e.down), e.modifiers, code.length, ...code, key.length, ...key);
      break;
    }
    case "text": {
      const text = utf8.encode(e.text);
      b.push(5, ...u16(text.length), ...text);
      break;
    }
    case "releaseAll":
      b.push(6);
  }
}

function u16(n: number): [number, number] {
  return [(n >> 8) & 0xff, n & 0xff];
}
