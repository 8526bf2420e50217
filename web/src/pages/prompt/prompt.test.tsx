import { act, screen, waitFor, within } from "@testing-library/react";
import axe from "axe-core";
import { beforeEach, expect, test, vi } from "vitest";
import type { DeskOptions, Snapshot, Tab } from "../../terminal/desk";
import { before, type PromptState } from "../../terminal/state";
import { openConsole } from "../../test/console";

/** The prompts under the page: the test says what they report and sees what they are told. */
class FakeDesk {
  static all: FakeDesk[] = [];
  readonly told: unknown[] = [];
  readonly options: DeskOptions;
  shown = {
    selection: "",
    focus: () => void this.told.push("focus"),
    paste: (text: string) => void this.told.push(["paste", text]),
    find: async (...wanted: unknown[]) => void this.told.push(["find", ...wanted]),
    endSearch: async () => void this.told.push("end search"),
    clear: () => void this.told.push("clear"),
    press: (key: string) => void this.told.push(["press", key]),
    holdControl: (onChange: (held: boolean) => void) => onChange(true),
  };
  private snapshot: Snapshot = { tabs: [], active: 0, link: undefined, found: undefined };

  constructor(options: DeskOptions) {
    this.options = options;
    FakeDesk.all.push(this);
    this.open();
  }

  report(change: Partial<Snapshot>): void {
    this.snapshot = { ...this.snapshot, ...change };
    this.options.onChange(this.snapshot);
  }
  state(key: number, state: Partial<PromptState>, more: Partial<Tab> = {}): void {
    const tabs = this.snapshot.tabs.map((tab) =>
      tab.key === key ? { ...tab, state: { ...tab.state, ...state }, ...more } : tab,
    );
    this.report({ tabs });
  }
  open(shell?: string): void {
    this.told.push(["open", shell]);
    const number = this.snapshot.tabs.length + 1;
    const state: PromptState = { ...before, phase: "open", shell: "/bin/bash", shells: ["/bin/bash", "/bin/sh"] };
    const tab: Tab = { key: number, number, title: "", state, fault: undefined, bell: false };
    this.report({ tabs: [...this.snapshot.tabs, tab], active: number });
  }
  activate(key: number): void {
    this.report({ active: key });
  }
  close(key: number): void {
    const tabs = this.snapshot.tabs.filter((tab) => tab.key !== key);
    this.report({ tabs, active: tabs.at(-1)?.key ?? 0 });
  }
  again = (key: number) => void this.told.push(["again", key]);
  setFontSize = (pixels: number) => void this.told.push(["text", pixels]);
  setReader = (on: boolean) => void this.told.push(["reader", on]);
  recolour = () => {};
  dispose = () => void this.told.push("dispose");
}

vi.mock("../../terminal/desk", () => ({ Desk: FakeDesk }));

beforeEach(() => {
  FakeDesk.all = [];
});

async function openPage() {
  const view = openConsole("/computers/computer-0/prompt", { size: { computers: 1 } });
  await waitFor(() => expect(FakeDesk.all).toHaveLength(1));
  await screen.findByRole("tab", { name: "Prompt 1" });
  const desk = FakeDesk.all[0]!;
  const report = (state: Partial<PromptState>, more: Partial<Tab> = {}, key = 1) =>
    act(() => desk.state(key, state, more));
  return { ...view, desk, report };
}
const tab = (name: string) => screen.getByRole("tab", { name });
const press = (name: string) => screen.getByRole("button", { name });

test("asks the server for a prompt of this computer", async () => {
  const { desk, asked, requests } = await openPage();
  await act(() => desk.options.ask("commitment", "prompt-7"));
  expect(asked()).toContain("POST /api/computers/computer-0/prompts");
  const body = await requests.find((one) => one.url.endsWith("/prompts"))!.json();
  expect(body).toEqual({ commitment: "commitment", promptId: "prompt-7" });
  expect(document.title).toBe("Command prompt of RECEPTION-01 · Deskhand");
});

test("opens more, with the shell that is chosen, and goes from tab to tab by keys", async () => {
  const { desk, user } = await openPage();
  await user.click(press("New command prompt"));
  await user.click(press("Choose a shell"));
  await user.click(await screen.findByRole("menuitem", { name: "/bin/sh" }));
  expect(desk.told.filter((one) => Array.isArray(one) && one[0] === "open")).toEqual([
    ["open", undefined],
    ["open", undefined],
    ["open", "/bin/sh"],
  ]);
  act(() => desk.options.onLeave());
  expect(document.activeElement).toBe(tab("Prompt 3"));
  await user.keyboard("{ArrowRight}");
  expect(tab("Prompt 1").getAttribute("aria-selected")).toBe("true");
  await user.keyboard("{ArrowLeft}{ArrowLeft}");
  expect(document.activeElement).toBe(tab("Prompt 2"));
  await user.keyboard("{Delete}");
  expect(screen.queryByRole("tab", { name: "Prompt 2" })).toBeNull();
});

test("is called what its program says", async () => {
  const { report } = await openPage();
  report({}, { title: "<b>vim</b>" });
  expect(tab("<b>vim</b>")).toBeTruthy();
  expect(document.querySelector("b")).toBeNull();
});

test("a program that runs is asked about before its tab closes", async () => {
  const { report, user } = await openPage();
  report({ program: "vim" });
  await user.click(press("Close vim"));
  const dialog = await screen.findByRole("dialog");
  expect(within(dialog).getByText(/^vim is still running/)).toBeTruthy();
  await user.click(within(dialog).getByRole("button", { name: "Close and end it" }));
  expect(await screen.findByText("No command prompt is open")).toBeTruthy();
});

test("one that waits for a command closes at once", async () => {
  const { user } = await openPage();
  await user.click(press("Close Prompt 1"));
  await user.click(await screen.findByText("New command prompt"));
  expect(tab("Prompt 1")).toBeTruthy();
});

test("one line is pasted at once, several are shown first, and asked about until the agent has enough of it", async () => {
  const { desk, user } = await openPage();
  act(() => desk.options.onPaste("ls"));
  expect(desk.told).toContainEqual(["paste", "ls"]);
  act(() => desk.options.onPaste("cd /\nrm -rf \x1b[201~build\n"));
  const dialog = await screen.findByRole("dialog", { name: "Paste 2 lines?" });
  expect(within(dialog).getByRole("region", { name: "What is pasted" }).textContent).toBe("cd /\nrm -rf [201~build\n");
  await user.click(within(dialog).getByRole("button", { name: "Cancel" }));
  await waitFor(() => expect(screen.queryByRole("dialog")).toBeNull());
  act(() => desk.options.onPaste("a\nb"));
  await user.click(await screen.findByRole("checkbox", { name: "Do not ask again on this page" }));
  await user.click(press("Paste"));
  expect(desk.told).toContainEqual(["paste", "a\nb"]);
  act(() => desk.options.onPaste("c\nd"));
  expect(desk.told).toContainEqual(["paste", "c\nd"]);
});

test("searches as one types, and upwards by Enter", async () => {
  const { desk, user } = await openPage();
  act(() => desk.options.onKey("search"));
  await user.type(await screen.findByRole("searchbox", { name: "Search" }), "er{Enter}");
  await user.click(press("Next match below"));
  expect(desk.told.slice(-4)).toEqual([
    ["find", "e", true, true],
    ["find", "er", true, true],
    ["find", "er", true, false],
    ["find", "er", false, false],
  ]);
  act(() => desk.report({ found: { index: 2, count: 5 } }));
  expect(screen.getByText("3 of 5")).toBeTruthy();
  act(() => desk.report({ found: { index: 0, count: 0 } }));
  expect(screen.getByText("Not found")).toBeTruthy();
  await user.keyboard("{Escape}");
  expect(screen.queryByRole("searchbox")).toBeNull();
  expect(desk.told).toContain("end search");
});

test("remembers the size of the text and whether it is for a screen reader", async () => {
  const { desk, user } = await openPage();
  act(() => desk.options.onKey("larger"));
  await user.click(press("More"));
  await user.click(await screen.findByRole("menuitem", { name: /^Larger text/ }));
  await user.click(screen.getByRole("menuitemcheckbox", { name: "For a screen reader" }));
  expect(desk.told.slice(-3)).toEqual([
    ["text", 15],
    ["text", 16],
    ["reader", true],
  ]);
});

test.each<[string, Partial<PromptState>, string]>([
  ["a shell that ended", { reason: "shell-ended", exitCode: 0 }, "The command prompt has ended."],
  ["a shell that failed", { reason: "shell-ended", exitCode: 130 }, "The shell has ended with exit code 130."],
  [
    "one that nobody came back to",
    { reason: "not-found" },
    "The shell has ended meanwhile: nobody was connected for two minutes.",
  ],
  ["one that was refused", { reason: "denied", shell: undefined }, "The end-user denied access."],
])("%s says so and can be opened again", async (_what, state, sentence) => {
  const { report, desk, user } = await openPage();
  report({ phase: "ended", ...state });
  expect(within(screen.getByRole("alert")).getByText(sentence)).toBeTruthy();
  await user.click(press("Open again"));
  expect(desk.told).toContainEqual(["again", 1]);
});

test("says in words where the connection stands", async () => {
  const { report } = await openPage();
  report({ phase: "connecting" });
  expect(screen.getByText("Connecting to RECEPTION-01")).toBeTruthy();
  report({ phase: "asking", words: ["lantern", "orchard"], secondsLeft: 24 });
  expect(screen.getByTestId("asking-words").textContent).toBe("lanternorchard");
  expect(screen.getByText("24 seconds left")).toBeTruthy();
  report({ phase: "reconnecting" });
  expect(screen.getByText("Connection lost, reconnecting")).toBeTruthy();
  report({ phase: "paused" });
  expect(screen.getByText("The end-user has paused sharing")).toBeTruthy();
});

test("has the keys that a touch screen lacks", async () => {
  const { desk, user } = await openPage();
  await user.click(press("Esc"));
  await user.click(press("Ctrl"));
  expect(press("Ctrl").getAttribute("aria-pressed")).toBe("true");
  expect(desk.told).toContainEqual(["press", "escape"]);
});

test("whoever may not, and a computer that is not there", async () => {
  const change = (world: { me: { permissions: string[] } }) => {
    world.me.permissions = ["view"];
  };
  const { unmount } = openConsole("/computers/computer-0/prompt", { size: { computers: 1 }, change });
  expect(await screen.findByText("You may not open command prompts")).toBeTruthy();
  unmount();
  openConsole("/computers/nowhere/prompt", { size: { computers: 1 } });
  expect(await screen.findByText("This computer is not here")).toBeTruthy();
  expect(FakeDesk.all).toEqual([]);
});

test("axe finds nothing", async () => {
  const { container, desk, report } = await openPage();
  act(() => desk.open());
  report({ phase: "ended", reason: "shell-ended" });
  const { violations } = await axe.run(container, { rules: { "color-contrast": { enabled: false } } });
  expect(violations.map((one) => `${one.id}: ${one.nodes.map((node) => node.html).join(" | ")}`)).toEqual([]);
});
