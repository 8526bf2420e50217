import { act, screen, waitFor, within } from "@testing-library/react";
import { afterEach, expect, test, vi } from "vitest";
import { openConsole } from "../../test/console";
import { FakeSocket } from "../../test/fake-socket";

const row = async (name: string) => (await screen.findByText(name)).closest<HTMLElement>("[role=row]")!;

afterEach(() => vi.restoreAllMocks());

test("an empty page teaches with the real link", async () => {
  openConsole("/");
  expect(await screen.findByText("Send your link")).toBeTruthy();
  for (const link of screen.getAllByTestId("link"))
    expect(link.textContent).toBe("https://support.example.com/join/rodney");
});

test("the link follows what is typed, and a short one counts only for exactly that", async () => {
  const { user } = openConsole("/sessions", { size: { sessions: 1 } });
  const link = () => screen.getByTestId("link").textContent;
  await user.type(await screen.findByLabelText("Ticket number"), "4711");
  await user.type(screen.getByLabelText("End-User name"), "A. Martin");
  expect(link()).toBe("https://support.example.com/join/rodney?ticket=4711&name=A.+Martin");
  await user.click(screen.getByRole("button", { name: "Shorten" }));
  await waitFor(() => expect(link()).toBe("https://support.example.com/s/Xk29vQpTz7"));
  await user.type(screen.getByLabelText("Ticket number"), "2");
  expect(link()).toBe("https://support.example.com/join/rodney?ticket=47112&name=A.+Martin");
});

test("copies the link", async () => {
  const { user } = openConsole("/sessions", { size: { sessions: 1 } });
  await screen.findByTestId("link");
  await user.click(screen.getByRole("button", { name: "Copy" }));
  expect(await navigator.clipboard.readText()).toBe("https://support.example.com/join/rodney");
  expect(await screen.findByText("Copied")).toBeTruthy();
});

test("copies instructions in the language that is picked, while the console stays as it is", async () => {
  const { user } = openConsole("/sessions", { size: { sessions: 1 } });
  await user.type(await screen.findByLabelText("End-User name"), "Jürgen");
  await user.click(screen.getByRole("button", { name: "Copy with instructions" }));
  await user.click(await screen.findByRole("menuitemradio", { name: "Deutsch" }));
  await waitFor(async () => {
    const text = await navigator.clipboard.readText();
    expect(text).toContain("Guten Tag Jürgen,");
    expect(text).toContain("https://support.example.com/join/rodney?name=J%C3%BCrgen");
    expect(text).toContain("Trotters Independent IT");
  });
  expect(screen.getByRole("heading", { name: "Remote Sessions" })).toBeTruthy();
});

test("shares a connection ID and takes it back", async () => {
  const { user, world } = openConsole("/sessions", { size: { sessions: 1 } });
  await user.click(await screen.findByRole("button", { name: "Share a connection ID" }));
  expect((await screen.findByTestId("connection-id")).textContent).toBe("123 456");
  expect(screen.getByText(/Valid for 1[45]:/)).toBeTruthy();
  await user.click(screen.getByRole("button", { name: "Take back" }));
  await screen.findByRole("button", { name: "Share a connection ID" });
  expect(world.ids).toEqual([]);
});

test("two clicks share one connection ID, though another can be had at the same place", async () => {
  const { user, world } = openConsole("/sessions", { size: { sessions: 1 } });
  await user.click(await screen.findByRole("button", { name: "Share a connection ID" }));
  await screen.findByTestId("connection-id");
  const another = screen.getByRole("button", { name: "Another ID" });
  await user.dblClick(another);
  await waitFor(() => expect(screen.getAllByTestId("connection-id")).toHaveLength(2));
  expect(world.ids).toHaveLength(2);
});

test("shows mine, and everyone's with their owner", async () => {
  const { user } = openConsole("/sessions", { size: { sessions: 3 } });
  await row("A. Martin");
  expect(screen.queryByText("Jürgen Weißenfels")).toBeNull();
  await user.click(screen.getByRole("switch", { name: "Show all sessions" }));
  const other = await row("Jürgen Weißenfels");
  expect(within(other).getAllByText("Ada Okafor").length).toBeGreaterThan(0);
  expect(within(other).getByRole("button", { name: "Join" })).toBeTruthy();
});

test("a row says all that there is to know", async () => {
  openConsole("/sessions", { size: { sessions: 1 } });
  const martin = await row("A. Martin");
  for (const text of ["Ticket 4711", "Ready", "RECEPTION-02", "amartin"])
    expect(within(martin).getByText(text)).toBeTruthy();
  expect(within(martin).getByRole("button", { name: "Connection is good, 1 display" })).toBeTruthy();
});

test("connects in this tab, with a modifier in a new one", async () => {
  const open = vi.spyOn(window, "open").mockReturnValue(null);
  const { user, router } = openConsole("/sessions", { size: { sessions: 1 } });
  const button = within(await row("A. Martin")).getByRole("button", { name: "Connect" });
  await user.keyboard("{Control>}");
  await user.click(button);
  await user.keyboard("{/Control}");
  expect(open).toHaveBeenCalledWith("/sessions/session-0/viewer", "_blank", "noopener");
  expect(router.state.location.pathname).toBe("/sessions");
});

test("lets another of the line share", async () => {
  const { user, world } = openConsole("/sessions", { size: { sessions: 1 } });
  const martin = await row("A. Martin");
  expect(within(martin).getByText("2 wait in line")).toBeTruthy();
  await user.click(within(martin).getByRole("button", { name: "Let them share" }));
  await waitFor(() => expect(world.sessions[0]?.line.map((one) => one.sharing)).toEqual([false, true, false]));
});

test("gives one of the line a session of their own", async () => {
  const { user, world } = openConsole("/sessions", { size: { sessions: 1 } });
  await user.click(within(await row("A. Martin")).getByRole("button", { name: "Own session" }));
  await waitFor(() => expect(world.sessions.map((one) => one.line.length)).toEqual([2, 1]));
  await waitFor(() => expect(screen.getAllByText("A. Martin")).toHaveLength(2));
});

test("invites another agent, and transfers", async () => {
  const { user, world } = openConsole("/sessions", { size: { sessions: 1 } });
  const more = async (item: string) => {
    await user.click(within(await row("A. Martin")).getByRole("button", { name: "More" }));
    await user.click(await screen.findByRole("menuitem", { name: item }));
  };
  await more("Invite an agent");
  expect(await screen.findByText("http://localhost:3000/sessions/session-0/viewer")).toBeTruthy();
  await user.selectOptions(await screen.findByLabelText("Agent"), "Beatriz Lima (beatriz)");
  await user.click(screen.getByRole("button", { name: "Invite" }));
  await waitFor(() => expect(world.called).toEqual(["Beatriz Lima"]));
  await waitFor(() => expect(screen.queryByRole("dialog")).toBeNull());
  await more("Transfer to an agent");
  expect((await screen.findByLabelText("Agent")).querySelector("optgroup[label=Online]")?.textContent).toBe(
    "Beatriz Lima (beatriz)",
  );
  await user.click(await screen.findByRole("button", { name: "Transfer" }));
  await waitFor(() => expect(world.sessions[0]?.owner.name).toBe("Beatriz Lima"));
});

test("a call of another agent stays until it is answered", async () => {
  const call = { sessionId: "session-0", by: "Ada Okafor", at: "2026-11-22T12:00:00Z", computer: "PC", ticket: "4711" };
  const { user, world, router } = openConsole("/logs", {
    size: { sessions: 1 },
    change: (made) => {
      made.calls = [
        { ...call, kind: "invited", endUserName: "Del Boy" },
        { ...call, sessionId: "other", kind: "transferred", endUserName: "" },
      ];
    },
  });
  expect(await screen.findByText("Ada Okafor invites you to the session with Del Boy.")).toBeTruthy();
  expect(screen.getByText("Ada Okafor has transferred the session with PC to you.")).toBeTruthy();
  await user.click(screen.getAllByRole("button", { name: "Not now" })[1]!);
  await waitFor(() => expect(world.calls.map((one) => one.sessionId)).toEqual(["session-0"]));
  await user.click(screen.getByRole("button", { name: "Join" }));
  await waitFor(() => expect(router.state.location.pathname).toBe("/sessions/session-0/viewer"));
});

test("sends the link by mail, and says beside the field what is wrong", async () => {
  const { user, world } = openConsole("/sessions", { size: { sessions: 1 } });
  await user.type(await screen.findByLabelText("Ticket number"), "4711");
  await user.click(screen.getByRole("button", { name: "Send now" }));
  const to = await screen.findByLabelText(/E-mail address of the end-user/);
  world.refuseMail = true;
  await user.type(to, "del@example.com");
  await user.click(screen.getByRole("button", { name: "Send" }));
  await waitFor(() => expect(to.getAttribute("aria-invalid")).toBe("true"));
  world.refuseMail = false;
  await user.selectOptions(screen.getByLabelText("Language of the message"), "Deutsch");
  await user.click(screen.getByRole("button", { name: "Send" }));
  expect(await screen.findByText("Sent")).toBeTruthy();
  expect(world.mails).toMatchObject([{ to: "del@example.com", language: "de", ticket: "4711" }]);
});

test("without a mail server there is no Send now", async () => {
  openConsole("/sessions", {
    size: { sessions: 1 },
    change: (made) => {
      made.me.sendsMail = false;
    },
  });
  await row("A. Martin");
  expect(screen.queryByRole("button", { name: "Send now" })).toBeNull();
});

test("tells more about a computer that is ready", async () => {
  const { user } = openConsole("/sessions", { size: { sessions: 1 } });
  await user.click(within(await row("A. Martin")).getByRole("button", { name: /Connection is good/ }));
  expect(await screen.findByText("Without administrator rights")).toBeTruthy();
  expect(screen.getByText("Here since")).toBeTruthy();
});

test("says while a note is written that somebody else has changed it", async () => {
  const { user, world } = openConsole("/sessions", { size: { sessions: 1 } });
  await user.click(within(await row("A. Martin")).getByRole("button", { name: "More" }));
  await user.click(await screen.findByRole("menuitem", { name: "Note" }));
  await user.type(await screen.findByRole("textbox", { name: "Note" }), "Mine");
  world.sessions[0] = { ...world.sessions[0]!, note: "Theirs", noteBy: "Ada Okafor" };
  act(() => FakeSocket.last.say({ type: "changed", topics: ["sessions"] }));
  expect(await screen.findByText(/Ada Okafor has changed this note/)).toBeTruthy();
  await user.click(screen.getByRole("button", { name: "Show theirs" }));
  expect(screen.getByRole<HTMLTextAreaElement>("textbox", { name: "Note" }).value).toBe("Theirs");
});

test("leaves a note", async () => {
  const { user, world } = openConsole("/sessions", { size: { sessions: 1 } });
  await user.click(within(await row("A. Martin")).getByRole("button", { name: "More" }));
  await user.click(await screen.findByRole("menuitem", { name: "Note" }));
  await user.type(await screen.findByRole("textbox", { name: "Note" }), "Toner ordered");
  await user.click(screen.getByRole("button", { name: "Save" }));
  await waitFor(() => expect(world.sessions[0]?.note).toBe("Toner ordered"));
  expect(await screen.findByRole("img", { name: "Note: Toner ordered" })).toBeTruthy();
});

test("ends a session after asking", async () => {
  const { user, world } = openConsole("/sessions", { size: { sessions: 1 } });
  await user.click(within(await row("A. Martin")).getByRole("button", { name: "More" }));
  await user.click(await screen.findByRole("menuitem", { name: "End" }));
  expect(await screen.findByRole("heading", { name: "End the session with A. Martin?" })).toBeTruthy();
  await user.click(screen.getByRole("button", { name: "End session" }));
  await waitFor(() => expect(world.sessions).toEqual([]));
});

test("a hint of the server brings the new row", async () => {
  const { world } = openConsole("/sessions", { size: { sessions: 1 } });
  await row("A. Martin");
  const [first] = world.sessions;
  world.sessions.push({ ...first!, id: "new", endUserName: "Boycie", line: [] });
  act(() => FakeSocket.last.say({ type: "changed", topics: ["sessions"] }));
  expect(await row("Boycie")).toBeTruthy();
});

test("a row keeps its place while the pointer is over the list, and says that it is over", async () => {
  const { user, world } = openConsole("/sessions", { size: { sessions: 1 } });
  const martin = await row("A. Martin");
  await user.hover(martin);
  world.sessions.length = 0;
  act(() => FakeSocket.last.say({ type: "changed", topics: ["sessions"] }));
  expect(await within(await row("A. Martin")).findByText("Ended")).toBeTruthy();
  expect(within(await row("A. Martin")).queryByRole("button", { name: "Connect" })).toBeNull();
  await user.unhover(await row("A. Martin"));
  await waitFor(() => expect(screen.queryByText("A. Martin")).toBeNull());
});

test("a login that ended leads to the login page", async () => {
  const { router } = openConsole("/sessions", { size: { sessions: 1 } });
  await row("A. Martin");
  act(() => FakeSocket.last.say({ type: "login-ended" }));
  await waitFor(() => expect(router.state.location.pathname).toBe("/login"));
});

test("calls an agent who is elsewhere by a number in the title", async () => {
  const { world } = openConsole("/sessions", { size: { sessions: 1 } });
  await row("A. Martin");
  const hidden = vi.spyOn(document, "hidden", "get").mockReturnValue(true);
  world.sessions.push({ ...world.sessions[0]!, id: "new", endUserName: "Boycie", line: [] });
  act(() => FakeSocket.last.say({ type: "changed", topics: ["sessions"] }));
  await waitFor(() => expect(document.title).toBe("(1) Remote Sessions · Deskhand"));
  hidden.mockReturnValue(false);
  act(() => void document.dispatchEvent(new Event("visibilitychange")));
  await waitFor(() => expect(document.title).toBe("Remote Sessions · Deskhand"));
});
