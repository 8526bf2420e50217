import { screen, waitFor, within } from "@testing-library/react";
import { expect, test, vi } from "vitest";
import { openConsole } from "../../test/console";
import { commandLine } from "./add-computer";

vi.mock("../../viewer/viewer", () => ({ createViewer: () => ({ dispose() {} }) }));

const names = () =>
  screen
    .getAllByRole("row")
    .slice(1)
    .map((row) => within(row).getAllByRole("cell")[1]?.textContent);

test("an empty list shows the exact line and where to get the client", async () => {
  openConsole("/computers");
  expect(await screen.findByText("Your computers will be here")).toBeTruthy();
  const line =
    'RemoteSupport.exe /createcomputer /username "rodney" /password "…" /relayurl "support.example.com" /relayport "443"';
  expect(screen.getByText(line)).toBeTruthy();
  expect(screen.getByRole("link", { name: "Download the client" }).getAttribute("href")).toBe("/download");
});

test.each([
  ["https://desk.example", '/relayurl "desk.example" /relayport "443"'],
  ["http://127.0.0.1:8080", '/relayurl "127.0.0.1" /relayport "8080"'],
  ["http://localhost", '/relayurl "localhost" /relayport "80"'],
])("at %s the line says %s", (server, end) => {
  expect(commandLine("RemoteSupport", "ada", new URL(server)).endsWith(end)).toBe(true);
});

test("searches in all that a person would look for", async () => {
  const { user } = openConsole("/computers", { size: { computers: 12 } });
  const search = await screen.findByRole("searchbox", { name: "Search computers" });
  await user.type(search, "rodney JWEISS");
  await waitFor(() => expect(names()).toEqual(["TILL-02", "SERVER-12"]));
  await user.clear(search);
  await user.type(search, "nothing like this");
  expect(await screen.findByText("No computer matches.")).toBeTruthy();
  await user.keyboard("{Escape}");
  await waitFor(() => expect(names()).toHaveLength(12));
});

test("the slash leads to the search field", async () => {
  const { user } = openConsole("/computers", { size: { computers: 3 } });
  const search = await screen.findByRole("searchbox", { name: "Search computers" });
  await user.keyboard("/");
  expect(document.activeElement).toBe(search);
});

test("offers Connect only where there is somebody to connect to", async () => {
  const { router, user } = openConsole("/computers", { size: { computers: 3 } });
  const row = (name: string) => screen.getByText(name).closest<HTMLElement>("[role=row]")!;
  await screen.findByText("TILL-02");
  expect(within(row("TILL-02")).getByText("Offline")).toBeTruthy();
  expect(within(row("TILL-02")).queryByRole("button", { name: "Connect" })).toBeNull();
  expect(within(row("KIOSK-03")).getByText("In use")).toBeTruthy();
  await user.click(within(row("RECEPTION-01")).getByRole("button", { name: "Connect" }));
  await waitFor(() => expect(router.state.location.pathname).toBe("/computers/computer-0/viewer"));
});

test("sorts by a column, the other way round when asked again", async () => {
  const { user } = openConsole("/computers", { size: { computers: 3 } });
  const header = await screen.findByRole("button", { name: "Name" });
  await user.click(header);
  expect(names()).toEqual(["KIOSK-03", "RECEPTION-01", "TILL-02"]);
  expect(screen.getByRole("columnheader", { name: "Name" }).getAttribute("aria-sort")).toBe("ascending");
  await user.click(header);
  expect(names()).toEqual(["TILL-02", "RECEPTION-01", "KIOSK-03"]);
});

const tree = () => within(screen.getByRole("tree", { name: "Groups" }));
const places = () =>
  tree()
    .getAllByRole("treeitem")
    .map((item) => `${item.getAttribute("aria-level")} ${item.textContent}`);

test("the tree shows both roots with their groups, and a place only its computers", async () => {
  const { user, router } = openConsole("/computers", { size: { sessions: 0, computers: 14, logs: 0 } });
  await screen.findByRole("treeitem", { name: /Berlin/ });
  expect(places()).toEqual([
    "1 All computers14",
    "1 My computers5",
    "2 Home office1",
    "1 Team computers9",
    "2 Berlin6",
    "3 Tills4",
    "4 Ground floor2",
    "2 Labs2",
  ]);
  await user.click(screen.getByRole("treeitem", { name: /Tills/ }));
  expect(router.state.location.search).toBe("?group=group-tills");
  expect(names()).toHaveLength(4);
  await user.keyboard("{ArrowLeft}");
  expect(screen.queryByRole("treeitem", { name: /Ground floor/ })).toBeNull();
  await user.keyboard("{ArrowLeft}{ArrowUp}{Enter}");
  expect(router.state.location.search).toBe("?group=everyone");
  expect(names()).toHaveLength(9);
});

test("a group is added, renamed and removed by keys", async () => {
  const { user, world } = openConsole("/computers", { size: { sessions: 0, computers: 14, logs: 0 } });
  const berlin = await screen.findByRole("treeitem", { name: /Berlin/ });
  await user.click(within(berlin).getByRole("button", { name: "More for Berlin" }));
  await user.click(await screen.findByRole("menuitem", { name: "Add new group" }));
  await user.keyboard("Door{Enter}");
  await screen.findByRole("treeitem", { name: /Door/ });
  expect(world.groups.at(-1)).toMatchObject({ name: "Door", parentId: "group-berlin", visibility: "everyone" });

  await user.click(screen.getByRole("treeitem", { name: /Labs/ }));
  await user.keyboard("{F2}");
  await user.keyboard("Laboratories{Enter}");
  await screen.findByRole("treeitem", { name: /Laboratories/ });
  await waitFor(() => expect(document.activeElement?.textContent).toContain("Laboratories"));
  await user.keyboard("{Delete}");
  const dialog = await screen.findByRole("dialog", { name: "Remove the group Laboratories?" });
  expect(within(dialog).getByText("What is in it moves to Team computers.")).toBeTruthy();
  await user.click(within(dialog).getByRole("button", { name: "Remove" }));
  await waitFor(() => expect(screen.queryByRole("treeitem", { name: /Laboratories/ })).toBeNull());
  expect(world.computers.filter((c) => c.groupId === "group-labs")).toEqual([]);
});

test("a name that is taken is said, and nothing is lost", async () => {
  const { user } = openConsole("/computers", { size: { sessions: 0, computers: 14, logs: 0 } });
  await user.click(await screen.findByRole("treeitem", { name: /Labs/ }));
  await user.keyboard("{F2}");
  await user.keyboard("Berlin{Enter}");
  expect(await screen.findByText(/There is a group with this name already/)).toBeTruthy();
  expect(screen.getByRole<HTMLInputElement>("textbox", { name: "Name of the group" }).value).toBe("Berlin");
});

test("several are moved at once; what others will see is asked first", async () => {
  const { user, world } = openConsole("/computers", { size: { sessions: 0, computers: 3, logs: 0 } });
  world.groups = [{ id: "g", parentId: "", name: "Berlin", visibility: "everyone" }];
  for (const name of ["RECEPTION-01", "TILL-02"])
    await user.click(await screen.findByRole("checkbox", { name: `Select ${name}` }));
  const bar = within(screen.getByRole("group", { name: "2 selected" }));
  await user.click(bar.getByRole("button", { name: "Move to …" }));
  const dialog = within(await screen.findByRole("dialog", { name: "Move 2 computers" }));
  await user.click(dialog.getByRole("combobox", { name: "Move to …" }));
  await user.click(await screen.findByRole("option", { name: "Team computers" }));
  await user.click(dialog.getByRole("button", { name: "Move" }));
  const question = within(await screen.findByRole("dialog", { name: "Show 2 computers to everyone?" }));
  expect(world.computers.map((c) => c.visibility)).toEqual(["me", "me", "me"]);
  await user.click(question.getByRole("button", { name: "Change visibility to everyone" }));
  await waitFor(() => expect(world.computers.map((c) => c.visibility)).toEqual(["everyone", "everyone", "me"]));
  await waitFor(() => expect(screen.queryByRole("group", { name: /selected/ })).toBeNull());
});

test("a computer is described, found by its tag, and removed", async () => {
  const { user, world } = openConsole("/computers", { size: { sessions: 0, computers: 3, logs: 0 } });
  const more = async (name: string, item: string) => {
    await screen.findByText(name);
    const row = screen.getByText(name).closest<HTMLElement>("[role=row]")!;
    await user.click(within(row).getByRole("button", { name: "More" }));
    await user.click(await screen.findByRole("menuitem", { name: item }));
  };
  await more("TILL-02", "Edit");
  const edit = within(await screen.findByRole("dialog", { name: "Edit TILL-02" }));
  await user.clear(edit.getByRole("textbox", { name: "Name" }));
  await user.type(edit.getByRole("textbox", { name: "Name" }), "Front till");
  await user.type(edit.getByRole("combobox", { name: "Tags" }), "bakery{Enter}");
  await user.type(edit.getByRole("textbox", { name: "Note" }), "Behind the plant");
  await user.click(edit.getByRole("button", { name: "Save" }));
  await waitFor(() => expect(world.computers[1]).toMatchObject({ name: "Front till", tags: ["bakery"] }));
  await user.type(screen.getByRole("searchbox"), "bakery");
  await waitFor(() => expect(names()).toHaveLength(1));
  await more("Front till", "Remove");
  const question = within(await screen.findByRole("dialog", { name: "Remove Front till?" }));
  await user.click(question.getByRole("button", { name: "Remove" }));
  await waitFor(() => expect(world.computers).toHaveLength(2));
});
