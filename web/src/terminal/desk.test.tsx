import { afterEach, expect, test, vi } from "vitest";
import { Desk, type Screen, type Snapshot } from "./desk";
import { Keeper } from "./kept";
import type { ScreenOptions } from "./screen";
import { before, type PromptOptions, type PromptState } from "./state";

vi.mock("./screen", () => ({ TerminalScreen: class {} }));
vi.mock("./prompts", () => ({ Prompts: class {} }));

const desks: Desk[] = [];
afterEach(() => {
  for (const desk of desks.splice(0)) desk.dispose();
  sessionStorage.clear();
});

const bytes = (text: string) => new TextEncoder().encode(text);

/** A desk whose shells and terminals are the test's. */
function setUp() {
  const started: (PromptOptions & { told: unknown[] })[] = [];
  const screens: { options: ScreenOptions; told: unknown[]; parse: () => void }[] = [];
  const ended: string[] = [];
  let snapshot!: Snapshot;
  const desk = new Desk({
    of: "computers/c1",
    stage: document.createElement("div"),
    label: "Command prompt",
    fontSize: 14,
    reader: false,
    ask: async () => ({ promptId: "", relayUrl: "", relayTicket: "", unattended: true, consentSeconds: 0 }),
    end: (id) => void ended.push(id),
    onChange: (now) => {
      snapshot = now;
    },
    onKey: () => {},
    onPaste: () => {},
    onLeave: () => {},
    keeper: new Keeper("computers/c1"),
    prompts: {
      start: (options) => {
        const told: unknown[] = [];
        started.push({ ...options, told });
        const tell = (what: string) => (value?: unknown) => void told.push(value === undefined ? what : [what, value]);
        return {
          input: tell("input"),
          resize: tell("resize"),
          shown: tell("shown"),
          close: tell("close"),
          leave: tell("leave"),
        };
      },
      dispose: () => {},
    },
    makeScreen: (options) => {
      const told: unknown[] = [];
      const parsing: (() => void)[] = [];
      const parse = () => {
        for (const done of parsing.splice(0)) done();
      };
      screens.push({ options, told, parse });
      const tell = (what: string) => () => void told.push(what);
      const screen = {
        show: tell("show"),
        hide: tell("hide"),
        reset: tell("reset"),
        focus: tell("focus"),
        dispose: tell("dispose"),
        setFontSize: (pixels: number) => void told.push(["font", pixels]),
        write: (offset: bigint, data: Uint8Array, done: () => void) => {
          told.push(["write", offset, new TextDecoder().decode(data)]);
          parsing.push(done);
        },
      };
      return screen as unknown as Screen;
    },
  });
  desks.push(desk);
  const say = (at: number, change: Partial<PromptState>) => started[at]!.onState({ ...before, ...change });
  const live = (at: number, id: string) => {
    started[at]!.onId(id);
    say(at, { phase: "open", shell: "/bin/bash" });
  };
  return { desk, started, screens, ended, say, live, snapshot: () => snapshot };
}

test("a page begins with one prompt; others stand beside it", () => {
  const { desk, started, screens, snapshot } = setUp();
  expect(snapshot().tabs.map(({ number }) => number)).toEqual([1]);
  desk.open("/bin/sh");
  expect(started.map(({ shell }) => shell)).toEqual([undefined, "/bin/sh"]);
  expect(screens.map(({ told }) => told)).toEqual([["show", "hide"], ["show"]]);
  desk.activate(snapshot().tabs[0]!.key);
  expect(screens.map(({ told }) => told)).toEqual([
    ["show", "hide", "show"],
    ["show", "hide"],
  ]);
});

test("only the one that is seen is drawn, however many there are", () => {
  const { desk, screens } = setUp();
  for (let i = 0; i < 49; i++) desk.open();
  const drawn = screens.filter(({ told }) => told.at(-1) === "show");
  expect([screens.length, drawn.length]).toEqual([50, 1]);
});

test("what is parsed is told, not what has merely come", () => {
  const { started, screens, live } = setUp();
  live(0, "p1");
  started[0]!.onOutput(0n, bytes("hello"));
  expect(started[0]!.told).toEqual([]);
  screens[0]!.parse();
  expect(started[0]!.told).toEqual([["shown", 5n]]);
});

test("a new size goes to the shell, and is what a new one begins with", () => {
  const { desk, started, screens } = setUp();
  screens[0]!.options.onResize({ columns: 120, rows: 40 });
  expect(started[0]!.told).toEqual([["resize", { columns: 120, rows: 40 }]]);
  desk.open();
  expect(started[1]!.size).toEqual({ columns: 120, rows: 40 });
});

test("a closed tab ends its shell, and its neighbour is seen", () => {
  const { desk, started, live, ended, snapshot } = setUp();
  desk.open();
  desk.open();
  live(1, "p2");
  const [, second, third] = snapshot().tabs;
  desk.activate(second!.key);
  desk.close(second!.key);
  expect(started[1]!.told).toEqual(["close"]);
  expect(snapshot().active).toBe(third!.key);
  expect(ended).toEqual([]);
});

test("one that has no connection is ended by the server", () => {
  const { desk, live, say, ended, snapshot } = setUp();
  live(0, "p1");
  say(0, { phase: "reconnecting" });
  desk.close(snapshot().tabs[0]!.key);
  expect(ended).toEqual(["p1"]);
  expect(snapshot()).toMatchObject({ tabs: [], active: 0 });
});

test("after a reload they are there again, the one in front first, and know what was shown", () => {
  const first = setUp();
  first.desk.open();
  first.desk.open();
  first.live(0, "p1");
  first.live(1, "p2");
  first.live(2, "p3");
  first.started[1]!.onOutput(0n, bytes("$ "));
  first.screens[1]!.parse();
  first.screens[1]!.options.onTitle("vim");
  first.desk.activate(first.snapshot().tabs[1]!.key);
  first.say(2, { phase: "ended", reason: "shell-ended" });
  window.dispatchEvent(new Event("pagehide"));

  const second = setUp();
  expect(second.started.map(({ id }) => id)).toEqual(["p2", "p1"]);
  expect(second.snapshot().tabs.map(({ number, title }) => [number, title])).toEqual([
    [1, ""],
    [2, "vim"],
  ]);
  expect(second.screens.map(({ options }) => options.answered)).toEqual([0n, 2n]);
});

test("one that has ended opens again in its place", () => {
  const { desk, started, screens, say, live, snapshot } = setUp();
  live(0, "p1");
  say(0, { phase: "ended", reason: "shell-ended", shell: "/bin/bash" });
  desk.again(snapshot().tabs[0]!.key);
  expect(started[1]!.id).toBeUndefined();
  expect(screens[0]!.told.at(-1)).toBe("dispose");
  expect(snapshot().tabs[0]!.state.phase).toBe("connecting");
  desk.again(snapshot().tabs[0]!.key); // it has not ended
  expect(started).toHaveLength(2);
});

test("the bell of one that nobody sees marks its tab", () => {
  const { desk, screens, snapshot } = setUp();
  desk.open();
  screens[0]!.options.onBell();
  screens[1]!.options.onBell();
  expect(snapshot().tabs.map(({ bell }) => bell)).toEqual([true, false]);
  desk.activate(snapshot().tabs[0]!.key);
  expect(snapshot().tabs[0]!.bell).toBe(false);
});

test("a gap empties the terminal", () => {
  const { started, screens } = setUp();
  started[0]!.onGap();
  expect(screens[0]!.told.at(-1)).toBe("reset");
});
