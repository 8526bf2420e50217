// One terminal: xterm.js with what of it this console uses. It lives in an element of its own, which a page puts where it is to be seen.

import { FitAddon } from "@xterm/addon-fit";
import type { SearchAddon } from "@xterm/addon-search";
import { Unicode11Addon } from "@xterm/addon-unicode11";
import { WebLinksAddon } from "@xterm/addon-web-links";
import { type IDisposable, Terminal } from "@xterm/xterm";
import "@xterm/xterm/css/xterm.css";
import { restrictAnswers } from "./answers";
import { controlled, type PageKey, pageKey, pastes } from "./keys";
import { Leaving } from "./leaving";
import { follow, pageAddress } from "./links";
import { readMarks, readPalette } from "./palette";
import { cleanPaste } from "./paste";
import type { Size } from "./state";
import { cleanTitle } from "./title";
import { drawFast, isQuick } from "./webgl";

const scrollback = 5000; // lines

export interface ScreenOptions {
  /** What a screen reader calls it. */
  label: string;
  size: Size;
  fontSize: number;
  /** Rows are readable one by one to a screen reader. */
  reader: boolean;
  /** Up to where an earlier page has shown the output. */
  answered: bigint;
  /** Somebody typed, or the terminal answers a program's question. */
  onInput: (data: string | Uint8Array<ArrayBuffer>) => void;
  onResize: (size: Size) => void;
  onTitle: (title: string) => void;
  onBell: () => void;
  /** A key that is the page's own. */
  onKey: (key: PageKey) => void;
  /** Somebody pastes: the page decides. */
  onPaste: (text: string) => void;
  /** The pointer is on a link, or on none. */
  onLink: (address: string | undefined) => void;
  /** The keyboard shall leave the terminal. */
  onLeave: () => void;
  onFound: (index: number, count: number) => void;
}

export class TerminalScreen {
  readonly element = document.createElement("div");
  private readonly options: ScreenOptions;
  private readonly terminal: Terminal;
  private readonly fitter = new FitAddon();
  private readonly leaving = new Leaving();
  private readonly watch: ResizeObserver;
  private search: Promise<SearchAddon> | undefined;
  private fast: IDisposable | undefined;
  /** Up to where the output has been parsed. */
  private parsed = 0n;
  private control = false;
  private onControl: (held: boolean) => void = () => {};

  constructor(options: ScreenOptions) {
    const { size, fontSize, reader } = options;
    this.options = options;
    const { body } = document;
    this.terminal = new Terminal({
      allowProposedApi: true, // unicode, and the marks of a search
      cols: size.columns,
      rows: size.rows,
      scrollback,
      fontSize,
      fontFamily: getComputedStyle(body).getPropertyValue("--font-mono").trim() || "monospace",
      lineHeight: isQuick() ? 1.2 : 1, // the document leaves a gap between lines, which cuts boxes into pieces
      cursorBlink: !matchMedia("(prefers-reduced-motion: reduce)").matches,
      drawBoldTextInBrightColors: false,
      minimumContrastRatio: 4.5,
      screenReaderMode: reader,
      theme: readPalette(body),
      linkHandler: {
        activate: (event, target) => follow(event, target),
        hover: (_event, target) => options.onLink(pageAddress(target)),
        leave: () => options.onLink(undefined),
      },
    });
    this.loadAddons();
    this.listen();
    this.watch = new ResizeObserver(() => this.fit());
  }

  /** Puts it where it is seen, and draws it. */
  show(parent: HTMLElement): void {
    parent.append(this.element);
    if (!this.terminal.element) {
      this.terminal.open(this.element);
      this.terminal.textarea?.setAttribute("aria-label", this.options.label);
    }
    this.watch.observe(this.element);
    this.fit();
    this.fast ??= drawFast(this.terminal);
  }

  /** It goes on, but nobody sees it. */
  hide(): void {
    this.watch.disconnect();
    this.fast?.dispose();
    this.fast = undefined;
    this.element.remove();
  }

  /** Shows output; done comes when it has been parsed. */
  write(offset: bigint, data: Uint8Array<ArrayBuffer>, done: () => void): void {
    const put = (at: bigint, part: Uint8Array<ArrayBuffer>, then: () => void) =>
      this.terminal.write(part, () => {
        this.parsed = at + BigInt(part.length);
        then();
      });
    // What an earlier page has shown is apart from what comes after it: its questions have been answered.
    const known = Number(this.options.answered - offset);
    if (known > 0 && known < data.length) {
      put(offset, data.subarray(0, known), () => {});
      put(offset + BigInt(known), data.subarray(known), done);
    } else put(offset, data, done);
  }

  /** Begins anew: what is on the screen is no longer true. */
  reset(): void {
    this.terminal.reset();
  }

  focus(): void {
    this.terminal.focus();
  }

  paste(text: string): void {
    this.terminal.paste(cleanPaste(text));
    this.focus();
  }

  /** What is selected; "" when nothing is. */
  get selection(): string {
    return this.terminal.getSelection();
  }

  selectAll(): void {
    this.terminal.selectAll();
  }

  clear(): void {
    this.terminal.clear();
  }

  setFontSize(pixels: number): void {
    this.terminal.options.fontSize = pixels;
    this.fit();
  }

  setReader(on: boolean): void {
    this.terminal.options.screenReaderMode = on;
  }

  /** The tokens have changed. */
  recolour(): void {
    this.terminal.options.theme = readPalette(document.body);
  }

  /** The next key goes as a control character, as with Ctrl held. */
  holdControl(onChange: (held: boolean) => void): void {
    this.control = !this.control;
    this.onControl = onChange;
    onChange(this.control);
    this.focus();
  }

  /** A key of the touch row. */
  press(key: "escape" | "tab" | "up" | "down" | "left" | "right"): void {
    const letter = { up: "A", down: "B", right: "C", left: "D" } as const;
    if (key === "escape") this.terminal.input("\x1b");
    else if (key === "tab") this.terminal.input("\t");
    else this.terminal.input(`\x1b${this.terminal.modes.applicationCursorKeysMode ? "O" : "["}${letter[key]}`);
    this.focus();
  }

  async find(text: string, back: boolean, typing: boolean): Promise<void> {
    this.search ??= this.loadSearch();
    const search = await this.search;
    const how = { decorations: readMarks(document.body), incremental: typing };
    if (back) search.findPrevious(text, how);
    else search.findNext(text, how);
  }

  async endSearch(): Promise<void> {
    (await this.search)?.clearDecorations();
    this.terminal.clearSelection();
  }

  dispose(): void {
    this.hide();
    this.terminal.dispose();
  }

  private loadAddons(): void {
    const { terminal, options } = this;
    terminal.loadAddon(this.fitter);
    terminal.loadAddon(new Unicode11Addon());
    terminal.unicode.activeVersion = "11";
    terminal.loadAddon(
      new WebLinksAddon(follow, {
        hover: (_event, target) => options.onLink(pageAddress(target)),
        leave: () => options.onLink(undefined),
      }),
    );
    restrictAnswers({
      terminal,
      answer: (text) => options.onInput(text),
      replaying: () => this.parsed < options.answered,
      colours: () => {
        const { foreground, background } = readPalette(document.body);
        return { text: foreground, ground: background };
      },
    });
  }

  private listen(): void {
    const { terminal, element, options } = this;
    terminal.onData((text) => this.type(text));
    terminal.onBinary((text) => options.onInput(Uint8Array.from(text, (c) => c.charCodeAt(0))));
    terminal.onResize(({ cols, rows }) => options.onResize({ columns: cols, rows }));
    terminal.onTitleChange((title) => options.onTitle(cleanTitle(title)));
    terminal.onBell(() => options.onBell());
    terminal.attachCustomKeyEventHandler((e) => this.key(e));
    element.addEventListener(
      "paste",
      (e) => {
        e.preventDefault();
        e.stopImmediatePropagation();
        options.onPaste(e.clipboardData?.getData("text/plain") ?? "");
      },
      { capture: true },
    );
  }

  private type(text: string): void {
    this.options.onInput(this.control ? controlled(text) : text);
    if (this.control) {
      this.control = false;
      this.onControl(false);
    }
  }

  /** Whether the terminal takes a key. */
  private key(e: KeyboardEvent): boolean {
    if (this.leaving.take(e)) {
      this.options.onLeave();
      return false;
    }
    if (pastes(e)) return false; // by the browser, which the element hears
    const key = pageKey(e);
    if (!key) return true;
    e.preventDefault();
    if (e.type === "keydown") this.options.onKey(key);
    return false;
  }

  private fit(): void {
    const size = this.fitter.proposeDimensions();
    if (!size || Number.isNaN(size.cols) || Number.isNaN(size.rows)) return;
    this.terminal.resize(between(size.cols, 2, 1000), between(size.rows, 1, 500));
  }

  private async loadSearch(): Promise<SearchAddon> {
    const { SearchAddon } = await import("@xterm/addon-search");
    const search = new SearchAddon();
    search.onDidChangeResults(({ resultIndex, resultCount }) => this.options.onFound(resultIndex, resultCount));
    this.terminal.loadAddon(search);
    return search;
  }
}

const between = (value: number, least: number, most: number) => Math.max(least, Math.min(most, value));
