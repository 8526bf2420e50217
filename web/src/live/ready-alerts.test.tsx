import { screen, waitFor } from "@testing-library/react";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { makeSession } from "../../dev/seed";
import { sessionsQuery } from "../api/sessions";
import { openConsole } from "../test/console";
import { FakeSocket } from "../test/fake-socket";
import { chime } from "./chime";

vi.mock("./chime", () => ({ chime: vi.fn(), allowSound: () => {} }));

/** Notifications that were shown, the last one first. */
const shown: { title: string; onclick?: () => void }[] = [];

class FakeNotification {
  static permission = "default";
  static requestPermission = async () => {
    FakeNotification.permission = "granted";
    return "granted";
  };
  onclick?: () => void;
  constructor(readonly title: string) {
    shown.unshift(this);
  }
  close() {}
}

let hidden: boolean;

beforeEach(() => {
  hidden = false;
  shown.length = 0;
  FakeNotification.permission = "default";
  vi.mocked(chime).mockClear();
  vi.stubGlobal("Notification", FakeNotification);
  vi.spyOn(document, "hidden", "get").mockImplementation(() => hidden);
});
afterEach(() => {
  vi.restoreAllMocks();
});

/** Looks at another tab, or comes back. */
function look(away: boolean) {
  hidden = away;
  document.dispatchEvent(new Event("visibilitychange"));
}

/** Somebody more is ready; gives their name. */
async function becomesReady({ world, queries }: ReturnType<typeof openConsole>, name: string) {
  world.sessions.push({
    ...makeSession(0, () => new Date().toISOString()),
    id: name,
    endUserName: name,
    state: "ready",
    mine: true,
    line: [],
  });
  FakeSocket.last.say({ type: "changed", topics: ["sessions"] });
  await waitFor(() =>
    expect(JSON.stringify(queries.getQueryData(sessionsQuery(false).queryKey) ?? "")).toContain(name),
  );
}

test("an agent who looks elsewhere hears it, sees a notification and finds a number in the tab's title", async () => {
  const console = openConsole("/settings");
  await console.user.click(await screen.findByRole("switch", { name: "Show a notification on the desktop" }));
  await waitFor(() => expect(FakeNotification.permission).toBe("granted"));
  look(true);
  await becomesReady(console, "Ann");
  await waitFor(() => expect(document.title).toBe("(1) Settings · Deskhand"));
  await becomesReady(console, "Bob");
  await waitFor(() => expect(document.title).toBe("(2) Settings · Deskhand"));
  expect(chime).toHaveBeenCalledTimes(2);
  expect(shown.map((one) => one.title)).toEqual(["Bob is ready", "Ann is ready"]);
  look(false);
  await waitFor(() => expect(document.title).toBe("Settings · Deskhand"));
  shown[0]!.onclick?.();
  await waitFor(() => expect(console.router.state.location.pathname).toBe("/sessions"));
});

test("each of them can be switched off in Settings", async () => {
  const console = openConsole("/settings");
  for (const name of ["Play a sound", "Number in the tab’s title"]) {
    const one = await screen.findByRole<HTMLInputElement>("switch", { name });
    expect(one.checked).toBe(true);
    await console.user.click(one);
    expect(one.checked).toBe(false);
  }
  look(true);
  await becomesReady(console, "Ann");
  expect(chime).not.toHaveBeenCalled();
  expect(shown).toEqual([]);
  expect(document.title).toBe("Settings · Deskhand");
});

test("a browser that lets the page show nothing says so", async () => {
  FakeNotification.permission = "denied";
  openConsole("/settings");
  const one = await screen.findByRole<HTMLInputElement>("switch", { name: /^Show a notification on the desktop/ });
  expect(one.disabled).toBe(true);
  expect(screen.getByText("This browser does not allow notifications from this page.")).toBeTruthy();
});
