import { screen, waitFor, within } from "@testing-library/react";
import { expect, test, vi } from "vitest";
import { openConsole } from "../../test/console";
import { commandLine } from "./add-line";

vi.mock("../../viewer/viewer", () => ({ createViewer: () => ({ dispose() {} }) }));

const names = () =>
  screen
    .getAllByRole("row")
    .slice(1)
    .map((row) => within(row).getAllByRole("cell")[1]?.textContent);

test("an empty list shows the ways to add a computer", async () => {
  const { user } = openConsole("/computers");
  expect(await screen.findByText("Your computers will be here")).toBeTruthy();
  const way = screen.getByRole("button", { name: "Command line" });
  expect(way.getAttribute("aria-expanded")).toBe("false");
  await user.click(way);
  const line =
    'RemoteSupport.exe /createcomputer /username "rodney" /password "…" /relayurl "support.example.com" /relayport "443"';
  expect(screen.getByText(line)).toBeTruthy();
  expect(screen.getByRole("link", { name: "Download the client" }).getAttribute("href")).toBe("/download");
  await user.click(way);
  expect(screen.queryByText(line)).toBeNull();
});

test.each([
  ["https://desk.example", '/relayurl "desk.example" /relayport "443"'],
  ["http://127.0.0.1:8080", '/relayurl "127.0.0.1" /relayport "8080"'],
  ["http://localhost", '/relayurl "localhost" /relayport "80"'],
])("at %s the line says %s", (server, end) => {
  expect(commandLine("RemoteSupport", "ada", new URL(server)).endsWith(end)).toBe(true);
});

test("a computer whose key two clients use says so, and its details what to do", async () => {
  const { user } = openConsole("/computers", {
    size: { computers: 2 },
    change: (world) => {
      world.computers[1]!.clonedAt = new Date().toISOString();
    },
  });
  const row = (await screen.findByText("TILL-02")).closest<HTMLElement>("[role=row]")!;
  expect(within(row).getByText("Two computers use this key")).toBeTruthy();
  expect(screen.getAllByText("Two computers use this key")).toHaveLength(1);
  await user.click(within(row).getByRole("link", { name: "TILL-02" }));
  expect(await screen.findByText(/set one of the two up again with \/replace/)).toBeTruthy();
});

test.each([0, 2])(
  "the address of a computer that is gone or not shared says so, with %d in the list",
  async (computers) => {
    const { user, router } = openConsole("/computers/nothing", { size: { computers } });
    const panel = await screen.findByRole("complementary", { name: "This computer is not there" });
    expect(within(panel).getByRole("alert").textContent).toContain("It was removed, or it is not shared with you.");
    expect(within(panel).queryByRole("button", { name: "Try again" })).toBeNull();
    await user.click(within(panel).getByRole("button", { name: "Close details" }));
    await waitFor(() => expect(router.state.location.pathname).toBe("/computers"));
  },
);

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

test("one menu and one tooltip serve all rows", async () => {
  const { user } = openConsole("/computers", { size: { computers: 3 } });
  const row = (name: string) => within(screen.getByText(name).closest<HTMLElement>("[role=row]")!);
  await screen.findByText("TILL-02");
  for (const name of ["TILL-02", "RECEPTION-01"]) {
    const button = row(name).getByRole("button", { name: "More" });
    expect(button.getAttribute("aria-expanded")).toBe("false");
    button.focus();
    await user.keyboard("{Enter}");
    const menu = await screen.findByRole("menu");
    expect(button.getAttribute("aria-expanded")).toBe("true");
    expect(menu.getAttribute("aria-labelledby")).toBe(button.id);
    await user.keyboard("{Escape}");
    await waitFor(() => expect(screen.queryByRole("menu")).toBeNull());
    expect(document.activeElement).toBe(button);
    expect(button.getAttribute("aria-expanded")).toBe("false");
  }
  await user.hover(row("TILL-02").getByRole("button", { name: "More" }));
  expect((await screen.findByRole("tooltip")).textContent).toBe("More");
  await user.keyboard("{Escape}");
  await waitFor(() => expect(screen.queryByRole("tooltip")).toBeNull());
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
    "1 My computers4",
    "2 Home office1",
    "1 Team computers9",
    "2 Berlin6",
    "3 Tills4",
    "4 Ground floor2",
    "2 Labs2",
    "1 Other agents’ computers1",
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

const rowOf = (name: string) => screen.getByText(name).closest<HTMLElement>("[role=row]")!;

test("details have an address of their own, and show what the computer says as text", async () => {
  const { user, router } = openConsole("/computers/computer-1", { size: { sessions: 0, computers: 9, logs: 0 } });
  const aside = within(await screen.findByRole("complementary", { name: "TILL-02" }));
  expect(await aside.findByText("Intel(R) Core(TM) i5-14400T")).toBeTruthy();
  expect(aside.getByRole("meter", { name: "/srv/archive" }).getAttribute("aria-valuetext")).toBe(
    "90.1 GB free of 2 TB",
  );
  expect(aside.getByText("00:00:5e:00:53:01")).toBeTruthy();
  expect(aside.getByText("It cannot be woken from here: no computer of its network is online.")).toBeTruthy();
  await user.click(aside.getByRole("button", { name: "Close details" }));
  expect(router.state.location.pathname).toBe("/computers");
  await waitFor(() => expect(document.activeElement).toBe(screen.getByRole("link", { name: "TILL-02" })));
  await router.navigate("/computers/computer-4");
  expect(await screen.findByText(/This computer has not told yet what it is made of/)).toBeTruthy();
  await router.navigate("/computers/nobody");
  expect(await screen.findByText(/It was removed, or it is not shared with you/)).toBeTruthy();
});

test("an offline computer is woken where a computer of its network is online, and only there", async () => {
  const { user } = openConsole("/computers", {
    size: { sessions: 0, computers: 5, logs: 0 },
    change: (world) => {
      const site = ["203.0.113.7 192.0.2.0/24"];
      world.computers = world.computers.map((c, i) => ({ ...c, sites: i < 2 ? site : c.sites }));
    },
  });
  const menu = async (name: string) => {
    await screen.findByText(name);
    await user.click(within(rowOf(name)).getByRole("button", { name: "More" }));
    await screen.findByRole("menuitem", { name: "Details" });
  };
  await menu("SERVER-05"); // offline, too, but alone
  expect(screen.queryByRole("menuitem", { name: "Wake" })).toBeNull();
  await user.keyboard("{Escape}");
  await menu("TILL-02");
  await user.click(screen.getByRole("menuitem", { name: "Wake" }));
  expect(await screen.findByText("RECEPTION-01 has sent TILL-02 the signal to wake.")).toBeTruthy();
});

test("tags are put on several at once, and taken off", async () => {
  const { user, world } = openConsole("/computers", {
    size: { sessions: 0, computers: 3, logs: 0 },
    change: (world) => {
      world.computers = world.computers.map((c) => ({ ...c, tags: ["old", c.name] }));
    },
  });
  for (const name of ["RECEPTION-01", "TILL-02"])
    await user.click(await screen.findByRole("checkbox", { name: `Select ${name}` }));
  await user.click(within(screen.getByRole("group", { name: "2 selected" })).getByRole("button", { name: "Tags" }));
  const dialog = within(await screen.findByRole("dialog", { name: "Tags of 2 computers" }));
  await user.type(dialog.getByRole("combobox", { name: "Add tags" }), "bakery{Enter}");
  await user.type(dialog.getByRole("combobox", { name: "Remove tags" }), "old{Enter}");
  await user.click(dialog.getByRole("button", { name: "Save" }));
  await waitFor(() => expect(world.computers[1]?.tags).toEqual(["TILL-02", "bakery"]));
  expect(world.computers[2]?.tags).toEqual(["old", "KIOSK-03"]);
});

test("an administrator takes over what a disabled agent owned, and cannot connect before", async () => {
  const { user, world } = openConsole("/computers", {
    size: { sessions: 0, computers: 3, logs: 0 },
    change: (world) => {
      const owner = { id: "agent-9", name: "Old Agent", disabled: true };
      world.computers = world.computers.map((c) => ({ ...c, owner }));
    },
  });
  expect(await screen.findAllByText("Old Agent (disabled)")).toHaveLength(3);
  expect(screen.queryByRole("button", { name: "Connect" })).toBeNull();
  await user.click(within(rowOf("RECEPTION-01")).getByRole("button", { name: "More" }));
  await user.click(await screen.findByRole("menuitem", { name: "Take over" }));
  const question = within(await screen.findByRole("dialog", { name: "Take over RECEPTION-01?" }));
  await user.click(question.getByRole("button", { name: "Take over" }));
  await waitFor(() => expect(world.computers[0]?.owner.id).toBe(world.me.id));
  expect(await screen.findByRole("button", { name: "Connect" })).toBeTruthy();
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
