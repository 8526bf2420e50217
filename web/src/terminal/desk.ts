// The prompts of one page, each in a tab: which there are, which one is seen, and what joins a shell to its terminal. The page draws what
// the snapshot says; the terminals are put into the element that the page gives.

import { Keeper } from "./kept";
import type { PageKey } from "./keys";
import { Prompts } from "./prompts";
import { type ScreenOptions, TerminalScreen } from "./screen";
import { before, type Prompt, type PromptState, type PromptTicket, type Size } from "./state";

/** How often what is shown is remembered, ms: a browser that is killed says nothing. */
const rememberEvery = 5_000;

export interface Tab {
  readonly key: number;
  /** Its number in its name, when the program gives none. */
  readonly number: number;
  /** What the program calls it; "" when it does not. */
  readonly title: string;
  readonly state: PromptState;
  /** Why the server said no the last time. */
  readonly fault: unknown;
  /** The bell rang while nobody looked. */
  readonly bell: boolean;
}

export interface Snapshot {
  readonly tabs: readonly Tab[];
  /** The key of the one that is seen; 0: there is none. */
  readonly active: number;
  /** The address of the link under the pointer. */
  readonly link: string | undefined;
  /** What the search has found. */
  readonly found: { readonly index: number; readonly count: number } | undefined;
}

export type Screen = Pick<
  TerminalScreen,
  | "show"
  | "hide"
  | "write"
  | "reset"
  | "focus"
  | "paste"
  | "selection"
  | "setFontSize"
  | "setReader"
  | "recolour"
  | "holdControl"
  | "press"
  | "find"
  | "endSearch"
  | "clear"
  | "dispose"
>;

export interface DeskOptions {
  /** What the prompts belong to, as an address has it: "computers/ID". */
  of: string;
  /** Where the terminal that is seen stands. */
  stage: HTMLElement;
  /** What a screen reader calls a terminal. */
  label: string;
  fontSize: number;
  reader: boolean;
  /** Asks the server for a prompt; id: to come back to it. */
  ask: (commitment: string, id: string | undefined) => Promise<PromptTicket>;
  /** Ends a prompt that has no connection. */
  end: (id: string) => void;
  onChange: (snapshot: Snapshot) => void;
  onKey: (key: PageKey) => void;
  onPaste: (text: string) => void;
  onLeave: () => void;
  /** For tests. */
  prompts?: Pick<Prompts, "start" | "dispose">;
  makeScreen?: (options: ScreenOptions) => Screen;
  keeper?: Keeper;
}

interface Seat {
  tab: Tab;
  screen: Screen;
  prompt: Prompt;
  shell: string | undefined;
  id: string | undefined;
  /** Up to where the output was on a screen, on this page or an earlier one. */
  shown: bigint;
}

export class Desk {
  private readonly options: DeskOptions;
  private readonly prompts: Pick<Prompts, "start" | "dispose">;
  private readonly keeper: Keeper;
  private readonly makeScreen: (options: ScreenOptions) => Screen;
  private readonly listening = new AbortController();
  private readonly remembering: ReturnType<typeof setInterval>;
  private seats: Seat[] = [];
  private active: Seat | undefined;
  private size: Size = { columns: 80, rows: 24 };
  private link: string | undefined;
  private found: Snapshot["found"];
  private last = 0;
  private fontSize: number;
  private reader: boolean;

  constructor(options: DeskOptions) {
    this.options = options;
    this.prompts = options.prompts ?? new Prompts();
    this.keeper = options.keeper ?? new Keeper(options.of);
    this.makeScreen = options.makeScreen ?? ((of) => new TerminalScreen(of));
    this.fontSize = options.fontSize;
    this.reader = options.reader;
    window.addEventListener("pagehide", () => this.remember(), { signal: this.listening.signal });
    this.remembering = setInterval(() => this.remember(), rememberEvery);
    this.comeBack();
  }

  /** Opens a new prompt; shell: undefined for the user's own. */
  open(shell?: string): void {
    const number = 1 + Math.max(0, ...this.seats.map(({ tab }) => tab.number));
    const seat = this.seat(number, "", 0n);
    seat.shell = shell;
    this.seats = [...this.seats, seat];
    this.activate(seat.tab.key);
    this.begin(seat);
  }

  activate(key: number): void {
    const seat = this.find(key);
    if (!seat || seat === this.active) return;
    this.active?.screen.hide();
    this.active = seat;
    this.link = undefined;
    this.found = undefined;
    seat.screen.show(this.options.stage);
    this.change(seat, { bell: false });
  }

  /** Ends a prompt and takes its tab away. The next one is seen. */
  close(key: number): void {
    const seat = this.find(key);
    if (!seat) return;
    const { phase } = seat.tab.state;
    seat.prompt.close();
    if (seat.id && phase !== "open" && phase !== "paused" && phase !== "ended") this.options.end(seat.id);
    const at = this.seats.indexOf(seat);
    this.seats = this.seats.filter((one) => one !== seat);
    const next = this.seats[at] ?? this.seats.at(-1);
    if (seat === this.active) {
      this.active = undefined;
      if (next) this.activate(next.tab.key);
    }
    seat.screen.dispose();
    this.remember();
    this.tell();
  }

  /** Opens a new shell in the place of one that has ended. */
  again(key: number): void {
    const seat = this.find(key);
    if (seat?.tab.state.phase !== "ended") return;
    seat.id = undefined;
    seat.screen.dispose();
    seat.screen = this.screen(key, 0n);
    seat.shown = 0n;
    if (seat === this.active) seat.screen.show(this.options.stage);
    this.change(seat, { state: before, fault: undefined, title: "" });
    this.begin(seat);
    seat.screen.focus();
  }

  /** The terminal that is seen. */
  get shown(): Screen | undefined {
    return this.active?.screen;
  }

  setFontSize(pixels: number): void {
    this.fontSize = pixels;
    for (const { screen } of this.seats) screen.setFontSize(pixels);
  }

  setReader(on: boolean): void {
    this.reader = on;
    for (const { screen } of this.seats) screen.setReader(on);
  }

  recolour(): void {
    for (const { screen } of this.seats) screen.recolour();
  }

  /** Leaves all prompts; they wait for a while. */
  dispose(): void {
    this.remember();
    this.listening.abort();
    clearInterval(this.remembering);
    this.prompts.dispose();
    for (const { screen } of this.seats) screen.dispose();
    this.seats = [];
  }

  private comeBack(): void {
    const kept = this.keeper.read();
    if (!kept) {
      this.open();
      return;
    }
    this.seats = kept.tabs.map(({ id, number, title, shown }) => {
      const seat = this.seat(number, title, BigInt(shown));
      seat.id = id;
      return seat;
    });
    const front = this.seats.find(({ tab }) => tab.number === kept.active) ?? this.seats[0]!;
    this.activate(front.tab.key);
    // The one that is seen comes first.
    for (const seat of [front, ...this.seats.filter((one) => one !== front)]) this.begin(seat);
  }

  private seat(number: number, title: string, answered: bigint): Seat {
    const key = ++this.last;
    const tab: Tab = { key, number, title, state: before, fault: undefined, bell: false };
    const idle: Prompt = { input() {}, resize() {}, shown() {}, close() {}, leave() {} };
    return { tab, screen: this.screen(key, answered), prompt: idle, shell: undefined, id: undefined, shown: answered };
  }

  private begin(seat: Seat): void {
    const { key } = seat.tab;
    const { screen } = seat;
    seat.prompt = this.prompts.start({
      id: seat.id,
      shell: seat.shell,
      size: this.size,
      connect: this.options.ask,
      onState: (state) => this.change(seat, { state }),
      onFault: (fault) => this.change(seat, { fault }),
      onId: (id) => {
        seat.id = id;
        this.remember();
      },
      onOutput: (offset, data) => {
        const end = offset + BigInt(data.length);
        screen.write(offset, data, () => {
          if (seat.screen !== screen || !this.find(key)) return;
          if (end > seat.shown) seat.shown = end;
          seat.prompt.shown(end);
        });
      },
      onGap: () => screen.reset(),
    });
  }

  private screen(key: number, answered: bigint): Screen {
    const of = <T>(act: (seat: Seat) => T) => {
      const seat = this.find(key);
      if (seat) act(seat);
    };
    return this.makeScreen({
      label: this.options.label,
      size: this.size,
      fontSize: this.fontSize,
      reader: this.reader,
      answered,
      onInput: (data) => of(({ prompt }) => prompt.input(data)),
      onResize: (size) => {
        this.size = size;
        of(({ prompt }) => prompt.resize(size));
      },
      onTitle: (title) => of((seat) => this.change(seat, { title })),
      onBell: () => of((seat) => seat !== this.active && this.change(seat, { bell: true })),
      onKey: (which) => this.options.onKey(which),
      onPaste: (text) => this.options.onPaste(text),
      onLink: (address) => {
        this.link = address;
        this.tell();
      },
      onLeave: () => this.options.onLeave(),
      onFound: (index, count) => {
        this.found = { index, count };
        this.tell();
      },
    });
  }

  private change(seat: Seat, change: Partial<Tab>): void {
    const names = Object.keys(change) as (keyof Tab)[];
    if (names.some((name) => seat.tab[name] !== change[name])) seat.tab = { ...seat.tab, ...change };
    this.tell();
  }

  private tell(): void {
    const { active, link, found } = this;
    this.options.onChange({ tabs: this.seats.map(({ tab }) => tab), active: active?.tab.key ?? 0, link, found });
  }

  private find(key: number): Seat | undefined {
    return this.seats.find(({ tab }) => tab.key === key);
  }

  private remember(): void {
    this.keeper.write(
      this.active?.tab.number ?? 0,
      this.seats.flatMap(({ id, tab, shown }) =>
        id && tab.state.phase !== "ended"
          ? [{ id, number: tab.number, title: tab.title, shown: shown.toString() }]
          : [],
      ),
    );
  }
}
