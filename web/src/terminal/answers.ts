// What a program on the other side may ask the terminal, and what it is told. All output may be hostile, also that of a mere cat of
// a file, and an answer arrives at the shell as if it were typed. So the answers are these, and no other: who it is (DA), that it
// is well (DSR), where the cursor is (CPR), its two colours. Nothing that came from the other side is ever said back: no title, no
// setting, no content; no program moves the window or reaches the clipboard.

import type { IDisposable, IParser, Terminal } from "@xterm/xterm";

export interface AnswersOptions {
  terminal: Pick<Terminal, "parser" | "buffer">;
  /** Sends an answer. */
  answer: (text: string) => void;
  /** What is parsed now was parsed before: its questions have their answers. */
  replaying: () => boolean;
  /** The colours of text and ground, "#rrggbb". */
  colours: () => { text: string; ground: string };
}

export function restrictAnswers(options: AnswersOptions): IDisposable {
  const { terminal, replaying, colours } = options;
  const { parser } = terminal;
  const answer = (text: string) => {
    if (!replaying()) options.answer(text);
    return true;
  };
  const nothing = () => true;
  const cursor = () => {
    const { cursorX, cursorY } = terminal.buffer.active;
    return `${cursorY + 1};${cursorX + 1}`;
  };
  const only = (wanted: number, params: (number | number[])[]) => (params[0] ?? 0) === wanted;
  const csi = (id: Parameters<IParser["registerCsiHandler"]>[0], take: (params: (number | number[])[]) => boolean) =>
    parser.registerCsiHandler(id, take);
  const osc = (id: number, take: (data: string) => boolean) => parser.registerOscHandler(id, take);
  const colour = (id: number, value: () => string) =>
    osc(id, (data) => (data === "?" ? answer(`\x1b]${id};${wide(value())}\x1b\\`) : data.includes("?")));

  const handlers = [
    csi({ final: "c" }, (params) => (only(0, params) ? answer("\x1b[?1;2c") : true)),
    csi({ prefix: ">", final: "c" }, (params) => (only(0, params) ? answer("\x1b[>0;276;0c") : true)),
    csi({ prefix: "=", final: "c" }, nothing),
    csi({ final: "n" }, (params) => {
      if (only(5, params)) return answer("\x1b[0n");
      return only(6, params) ? answer(`\x1b[${cursor()}R`) : true;
    }),
    csi({ prefix: "?", final: "n" }, (params) => (only(6, params) ? answer(`\x1b[?${cursor()}R`) : true)),
    colour(10, () => colours().text),
    colour(11, () => colours().ground),
    colour(12, () => colours().text),
    osc(4, (data) => data.includes("?")), // is set, but not told
    osc(52, nothing), // the clipboard
    csi({ final: "t" }, nothing), // the window
    csi({ intermediates: "$", final: "p" }, nothing), // settings
    csi({ prefix: "?", intermediates: "$", final: "p" }, nothing),
    csi({ prefix: ">", final: "q" }, nothing), // the version
    csi({ prefix: "?", final: "u" }, nothing),
    parser.registerDcsHandler({ intermediates: "$", final: "q" }, nothing), // DECRQSS
    parser.registerDcsHandler({ intermediates: "+", final: "q" }, nothing), // XTGETTCAP
  ];
  return {
    dispose: () => {
      for (const one of handlers) one.dispose();
    },
  };
}

/** "#1a2b3c" as a program reads it: "rgb:1a1a/2b2b/3c3c". */
function wide(colour: string): string {
  return `rgb:${[1, 3, 5].map((at) => colour.slice(at, at + 2).repeat(2)).join("/")}`;
}
