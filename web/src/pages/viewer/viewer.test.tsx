import { act, screen, waitFor, within } from "@testing-library/react";
import { beforeEach, expect, test, vi } from "vitest";
import { problem } from "../../../dev/api";
import type { World } from "../../../dev/seed";
import { openConsole } from "../../test/console";
import { server } from "../../test/setup";
import type { Viewer, ViewerOptions, ViewerState } from "../../viewer/state";

/** The core under the page: the test says what it reports and sees what it is told. */
class FakeCore implements Viewer {
  static all: FakeCore[] = [];
  readonly options: ViewerOptions;
  readonly told: unknown[] = [];
  private state: ViewerState = {
    phase: "connecting",
    displays: [],
    level: "control",
    controlling: false,
    fps: 0,
    width: 0,
    height: 0,
  };

  constructor(options: ViewerOptions) {
    this.options = options;
    FakeCore.all.push(this);
  }

  report(change: Partial<ViewerState>): void {
    this.state = { ...this.state, ...change };
    act(() => this.options.onState(this.state));
  }

  connect = () => this.options.connect("commitment", "control");
  dispose = () => void this.told.push("dispose");
  setScale = (scale: string) => void this.told.push(["scale", scale]);
  selectDisplay = (id: number) => void this.told.push(["display", id]);
  setControl = (on: boolean) => void this.told.push(["control", on]);
  wish = (wish: unknown) => void this.told.push(["wish", wish]);
  keep = () => void this.told.push("keep");
  ctrlAltDel = () => void this.told.push("ctrl-alt-del");
  typeText = () => {};
  releaseAll = () => {};
  focus = () => {};
}

vi.mock("../../viewer/viewer", () => ({ createViewer: (options: ViewerOptions) => new FakeCore(options) }));

const live: Partial<ViewerState> = {
  phase: "live",
  controlling: true,
  words: ["lantern", "orchard"],
  width: 800,
  height: 600,
};

beforeEach(() => {
  FakeCore.all = [];
});

async function openViewer(path = "/sessions/session-0/viewer", change?: (world: World) => void) {
  const view = openConsole(path, { size: { sessions: 1, computers: 1 }, change });
  await waitFor(() => expect(FakeCore.all).toHaveLength(1));
  return { ...view, core: FakeCore.all[0]! };
}

test("gives the core its canvas and the relay of the session", async () => {
  const { core, asked } = await openViewer();
  expect(core.options.canvas.id).toBe("screen");
  const info = await act(() => core.connect());
  expect(info).toMatchObject({ relayUrl: "/api/relay", relayTicket: "ticket", unattended: false });
  expect(asked()).toContain("POST /api/sessions/session-0/viewers");
  expect(await screen.findByText("Connecting to A. Martin")).toBeTruthy();
});

test("opens an unattended computer", async () => {
  const { core, asked } = await openViewer("/computers/computer-0/viewer");
  await act(() => core.connect());
  expect(asked()).toContain("POST /api/computers/computer-0/viewers");
  expect(await screen.findByText("Connecting to RECEPTION-01")).toBeTruthy();
});

test("shows the words and the time left while the end-user is asked", async () => {
  const { core } = await openViewer();
  await screen.findByText("Connecting to A. Martin");
  core.report({ phase: "asking", words: ["lantern", "orchard"], secondsLeft: 24 });
  expect(screen.getByText("Asking A. Martin to let you in")).toBeTruthy();
  expect(screen.getByTestId("asking-words").textContent).toBe("lanternorchard");
  expect(screen.getByText("24 seconds left")).toBeTruthy();
  core.report({ secondsLeft: 1 });
  expect(screen.getByText("1 second left")).toBeTruthy();
});

test("offers only the tools that work now", async () => {
  const { core, user } = await openViewer();
  expect(screen.queryByRole("button", { name: "Ctrl+Alt+Del" })).toBeNull();
  core.report(live);
  await user.click(screen.getByRole("button", { name: "Ctrl+Alt+Del" }));
  await user.click(screen.getByRole("button", { name: "Control" }));
  await user.click(screen.getByRole("button", { name: "Actual size" }));
  expect(core.told).toEqual(["ctrl-alt-del", ["control", false], ["scale", "actual"]]);
  expect(screen.queryByRole("button", { name: /Display/ })).toBeNull();
  core.report({ level: "view", controlling: false });
  expect(screen.queryByRole("button", { name: "Ctrl+Alt+Del" })).toBeNull();
  expect(screen.getByText("View only")).toBeTruthy();
});

test("every tool has a key while the focus is in the bar", async () => {
  const { core, user } = await openViewer();
  core.report(live);
  act(() => core.options.onLeave?.());
  expect(screen.getByRole("toolbar").contains(document.activeElement)).toBe(true);
  await user.keyboard("d");
  await user.keyboard("c");
  await user.keyboard("s");
  expect(core.told).toEqual(["ctrl-alt-del", ["control", false], ["scale", "actual"]]);
});

test("picks a display", async () => {
  const { core, user } = await openViewer();
  const display = { name: "", x: 0, y: 0, width: 1920, height: 1080 };
  core.report({
    ...live,
    displays: [
      { ...display, id: 7, primary: true },
      { ...display, id: 9, primary: false },
    ],
    selectedDisplay: 7,
  });
  await user.click(screen.getByRole("button", { name: "Display 1" }));
  await user.click(await screen.findByRole("menuitemradio", { name: /Display 2/ }));
  expect(core.told).toEqual([["display", 9]]);
});

test("says that the line is slow", async () => {
  const { core } = await openViewer();
  core.report({ ...live, delayMs: 249 });
  expect(screen.queryByText("Slow line")).toBeNull();
  core.report({ delayMs: 250 });
  expect(screen.getByText("Slow line")).toBeTruthy();
});

test("a picture of exactly the window's size has all of it while it runs; the bar comes when the pointer reaches the edge", async () => {
  const { core, user } = await openViewer();
  const page = () => document.querySelector<HTMLElement>("[data-full]");
  core.report({ ...live, width: innerWidth, height: innerHeight + 1 });
  expect(page()).toBeNull();
  core.report({ height: innerHeight });
  expect(page()?.dataset.bar).toBe("true"); // for a moment
  await waitFor(() => expect(page()?.dataset.bar).toBeUndefined(), { timeout: 3000 });
  await user.pointer({ target: document.body, coords: { clientX: 9, clientY: 2 } });
  expect(page()?.dataset.bar).toBe("true");
  core.report({ phase: "ended", reason: "ended-by-end-user" });
  expect(page()).toBeNull();
});

test("keeps the last picture while it reconnects", async () => {
  const { core } = await openViewer();
  core.report(live);
  core.report({ phase: "reconnecting" });
  expect(screen.getByText("Connection lost, reconnecting")).toBeTruthy();
  expect(document.querySelector("canvas")?.dataset.shown).toBe("true");
});

test("says why there is no picture, with the one thing that helps", async () => {
  const { core, user } = await openViewer();
  core.report({ ...live, noPictureReason: "locked" });
  expect(screen.getByText("The screen is locked.")).toBeTruthy();
  await user.click(screen.getAllByRole("button", { name: "Ctrl+Alt+Del" }).at(-1)!);
  expect(core.told).toEqual(["ctrl-alt-del"]);
  core.report({ ...live, noPictureReason: "elevation-question" });
  expect(await screen.findByText(/^Windows asks the end-user whether a program/)).toBeTruthy();
  expect(within(screen.getByText(/^Windows asks/).parentElement!).queryByRole("button")).toBeNull();
});

test("says why it ended and leads back", async () => {
  const { core, user, router } = await openViewer();
  core.report(live);
  core.report({ phase: "ended", reason: "ended-by-end-user", controlling: false });
  expect(screen.getByText("Ended by the end-user.")).toBeTruthy();
  expect(screen.queryByRole("button", { name: "Connect again" })).toBeNull();
  await user.click(screen.getByRole("button", { name: "Back to Remote Sessions" }));
  await waitFor(() => expect(router.state.location.pathname).toBe("/sessions"));
});

test("another try takes a new canvas and a new connection", async () => {
  const { core, user } = await openViewer();
  const first = core.options.canvas;
  core.report({ phase: "ended", reason: "unanswered" });
  expect(screen.getByText("The end-user did not answer.")).toBeTruthy();
  await user.click(screen.getByRole("button", { name: "Connect again" }));
  await waitFor(() => expect(FakeCore.all).toHaveLength(2));
  expect(core.told).toContain("dispose");
  expect(FakeCore.all[1]?.options.canvas).not.toBe(first);
});

test("shows the server's own words when it refuses", async () => {
  const { core } = await openViewer();
  server.fetch = async () => problem(409, "conflict", "Ada Okafor is connecting.", { hint: "Wait a moment." });
  await act(() => core.connect().catch(() => {}));
  core.report({ phase: "ended", reason: "conflict" });
  expect(screen.getByText("Ada Okafor is connecting. Wait a moment.")).toBeTruthy();
});

test("tells the server when the page is left before the relay was reached", async () => {
  const { core, router, asked } = await openViewer();
  await act(() => core.connect());
  await act(() => router.navigate("/computers"));
  await waitFor(() => expect(asked()).toContain("DELETE /api/sessions/session-0/viewers/viewer-new"));
  expect(core.told).toContain("dispose");
});

const rodney = { agentId: "1", name: "Rodney", colour: 0, control: true, you: true, mayTake: false };
const ada = { agentId: "2", name: "Ada", colour: 1, control: true, you: false, mayTake: false };

test("names who else is there, and hands control over", async () => {
  const { core, user } = await openViewer();
  core.report({ ...live, watchers: [rodney, ada], ownerId: "1" });
  await user.click(screen.getByRole("button", { name: "In this session: Rodney and Ada" }));
  expect(await screen.findByText("Rodney (you)")).toBeTruthy();
  expect(screen.getByText("Has control")).toBeTruthy();
  await user.click(screen.getByRole("menuitem", { name: "Hand control to Ada" }));
  core.report({ question: { agentId: "2", name: "Ada", state: "open", secondsLeft: 30 } });
  expect(await screen.findByText(/Ada asks for control/)).toBeTruthy();
  await user.click(screen.getByRole("button", { name: "Not now" }));
  await user.click(screen.getByRole("button", { name: "Hand over" }));
  expect(core.told).toEqual([
    ["wish", { action: "hand-over", agentId: "2" }],
    ["wish", { action: "not-now", agentId: "2" }],
    ["wish", { action: "hand-over", agentId: "2" }],
  ]);
  core.report({ question: undefined, ownerId: "2" });
  expect(await screen.findByText("Ada has control now.")).toBeTruthy();
});

test("asks for control, takes the question back, and hears the answer", async () => {
  const { core, user } = await openViewer();
  core.report({ ...live, controlling: false, watchers: [rodney, ada], ownerId: "2" });
  await user.click(screen.getByRole("button", { name: "Ask for control" }));
  core.report({ question: { agentId: "1", name: "Rodney", state: "open", secondsLeft: 30 } });
  expect(await screen.findByText(/You have asked Ada for control/)).toBeTruthy();
  await user.click(screen.getByRole("button", { name: "Take the question back" }));
  core.report({ question: { agentId: "1", name: "Rodney", state: "not-now", secondsLeft: 0 } });
  expect(await screen.findByText("Not now: control stays where it is.")).toBeTruthy();
  expect(core.told).toEqual([
    ["control", true],
    ["wish", { action: "release" }],
  ]);
  expect(screen.queryByRole("button", { name: "Ctrl+Alt+Del" })).toBeNull();
});

test("the session's owner takes control without asking", async () => {
  const { core, user } = await openViewer();
  core.report({ ...live, controlling: false, watchers: [{ ...rodney, mayTake: true }, ada], ownerId: "2" });
  await user.click(screen.getByRole("button", { name: /In this session/ }));
  await user.click(await screen.findByRole("menuitem", { name: "Take control" }));
  expect(core.told).toEqual([["wish", { action: "take" }]]);
});

test("invites another agent from the session, at first one who is online", async () => {
  const { core, user, world } = await openViewer();
  core.report(live);
  await user.click(await screen.findByRole("button", { name: "Agents" }));
  await user.click(await screen.findByRole("menuitem", { name: "Invite an agent" }));
  await user.click(await screen.findByRole("button", { name: "Invite" }));
  await waitFor(() => expect(world.called).toEqual(["Beatriz Lima"]));
});

test("asks for access at any time, tells what becomes of it, and shows the computer", async () => {
  const { core, user } = await openViewer();
  core.report(live);
  expect(screen.queryByRole("button", { name: "Keep unattended access" })).toBeNull(); // the client does not offer it
  core.report({ mayKeep: true });
  const tool = screen.getByRole("button", { name: "Keep unattended access" });
  act(() => tool.focus());
  await user.keyboard("k");
  expect(await screen.findByText(/^The end-user is asked whether .* may reach this computer at any time/)).toBeTruthy();
  await user.click(screen.getByRole("button", { name: "Ask the end-user" }));
  expect(core.told).toEqual(["keep"]);

  core.report({ keep: { state: "asking", secondsLeft: 30 } });
  expect(screen.getByText(/^The end-user is being asked for access at any time/).closest("[role=status]")).toBeTruthy();
  expect(screen.getByText("30 seconds")).toBeTruthy();
  expect(tool.getAttribute("aria-disabled")).toBe("true");
  core.report({ keep: { state: "denied" } });
  expect(screen.getByText(/does not want access at any time/)).toBeTruthy();
  await user.click(screen.getByRole("button", { name: "Close" }));
  expect(screen.queryByText(/does not want access at any time/)).toBeNull();
  core.report({ keep: { state: "unanswered" } });
  expect(screen.getByText(/did not answer/)).toBeTruthy();
  core.report({ keep: { state: "failed", reason: "taken" } });
  expect(screen.getByText(/belongs to another agent/)).toBeTruthy();
  expect(tool.getAttribute("aria-disabled")).toBeNull();

  core.report({ keep: { state: "working" } });
  expect(screen.getByText(/is being set up/)).toBeTruthy();
  core.report({ keep: { state: "done", reach: "program", computerId: "computer-0" } });
  expect(screen.getByText(/while the Remote Support program runs there/)).toBeTruthy();
  const link = screen.getByRole("link", { name: "Show the computer" });
  expect([link.getAttribute("href"), link.getAttribute("target")]).toEqual(["/computers/computer-0", "_blank"]);
  expect(screen.queryByRole("button", { name: "Keep unattended access" })).toBeNull();
});

test("who may not add computers is not offered to keep one", async () => {
  const { core } = await openViewer("/sessions/session-0/viewer", (world) => {
    world.me.permissions = ["view", "control"];
  });
  core.report({ ...live, mayKeep: true });
  expect(screen.queryByRole("button", { name: "Keep unattended access" })).toBeNull();
});
