import { fireEvent, screen, waitFor, within } from "@testing-library/react";
import axe from "axe-core";
import { expect, test, vi } from "vitest";
import { openConsole } from "../../test/console";

const searchField = "Search for a page, person, computer or action";
const some = { sessions: 3, computers: 3, logs: 0 };
const palette = () => within(screen.getByRole("dialog", { name: "Search and commands" }));
const options = () =>
  palette()
    .queryAllByRole("option")
    .map((one) => one.querySelector("span")?.textContent);
const selected = () => palette().getByRole("option", { selected: true }).querySelector("span")?.textContent;

async function openPalette(path = "/logs") {
  const console = openConsole(path, { size: some });
  await screen.findByRole("heading", { level: 1 });
  await console.user.keyboard("{Control>}k{/Control}");
  const field = await screen.findByRole("combobox", { name: searchField });
  await waitFor(() => expect(document.activeElement).toBe(field));
  return { ...console, field };
}

test("opens by its key with who is ready, the pages and the actions, and gives the focus back", async () => {
  const { user } = openConsole("/sessions", { size: some });
  const button = await screen.findByRole("button", { name: "Search and commands" });
  button.focus();
  await user.keyboard("{Control>}k{/Control}");
  const dialog = await screen.findByRole("dialog", { name: "Search and commands" });
  await within(dialog).findByText("Connect to A. Martin");
  for (const name of ["Ready now", "Pages", "Actions"])
    expect(within(dialog).getByRole("group", { name })).toBeTruthy();
  expect(options()).toContain("Remote Computers");
  await user.keyboard("{Escape}");
  await waitFor(() => expect(screen.queryByRole("dialog")).toBeNull());
  await waitFor(() => expect(document.activeElement).toBe(button));
});

test("goes where the words lead", async () => {
  const { user, field, router } = await openPalette();
  await user.type(field, "rem comp");
  await waitFor(() => expect(selected()).toBe("Remote Computers"));
  await user.keyboard("{Enter}");
  await waitFor(() => expect(router.state.location.pathname).toBe("/computers"));
  await waitFor(() => expect(screen.queryByRole("dialog")).toBeNull());
});

test.each([
  ["api tok", "Settings: API tokens", "/settings/tokens"],
  ["password", "Settings: Password", "/settings/password"],
  ["audit", "Administration: Audit log", "/admin/audit"],
])("each page of Settings and Administration is found: %s", async (words, name, path) => {
  const { user, field, router } = await openPalette();
  await user.type(field, words);
  await waitFor(() => expect(selected()).toBe(name));
  await user.keyboard("{Enter}");
  await waitFor(() => expect(router.state.location.pathname).toBe(path));
});

test("letters typed before the field is there go into it, and Enter chooses nothing that one has not seen", async () => {
  const { user, world, router } = openConsole("/logs", { size: some });
  await screen.findByRole("heading", { level: 1 });
  fireEvent.keyDown(document.body, { key: "k", ctrlKey: true });
  for (const key of ["n", "e", "w", "Enter"]) fireEvent.keyDown(document.body, { key });
  const field = await screen.findByRole<HTMLInputElement>("combobox", { name: searchField });
  expect(field.value).toBe("new");
  expect(router.state.location.pathname).toBe("/logs");
  expect(world.ids).toHaveLength(0);
  await waitFor(() => expect(document.activeElement).toBe(field));
  await user.type(field, " group");
  expect(field.value).toBe("new group");
});

test("the arrows go round, and what is selected is told to a screen reader", async () => {
  const { user, field } = await openPalette();
  await screen.findByText("Connect to A. Martin");
  const all = options();
  expect(selected()).toBe(all[0]);
  await user.keyboard("{ArrowUp}");
  expect(selected()).toBe(all.at(-1));
  await user.keyboard("{ArrowDown}{ArrowDown}");
  expect(selected()).toBe(all[1]);
  expect(document.getElementById(field.getAttribute("aria-activedescendant")!)?.textContent).toContain(all[1]!);
});

test("connects to who is ready, in a new tab with Control", async () => {
  const open = vi.spyOn(window, "open").mockReturnValue(null);
  const { user, field } = await openPalette();
  await user.type(field, "4711");
  await waitFor(() => expect(selected()).toBe("Connect to A. Martin"));
  await user.keyboard("{Control>}{Enter}{/Control}");
  expect(open).toHaveBeenCalledWith("/sessions/session-0/viewer", "_blank", "noopener");
  open.mockRestore();
});

test("says how many fit, and that nothing does", async () => {
  const { user, field } = await openPalette();
  await user.type(field, "theme");
  await screen.findByText("4 results");
  await user.type(field, "xyz");
  expect(await screen.findByText("Nothing matches. Try fewer letters.")).toBeTruthy();
  await user.keyboard("{Enter}");
  expect(screen.getByRole("dialog")).toBeTruthy();
});

test("acts: theme, language, connection ID", async () => {
  const { user, field, world, router } = await openPalette();
  await user.type(field, "dark{Enter}");
  await waitFor(() => expect(world.me.theme).toBe("dark"));
  await user.keyboard("{Control>}k{/Control}");
  await user.type(await screen.findByRole("combobox", { name: searchField }), "connection id{Enter}");
  await waitFor(() => expect(world.ids).toHaveLength(1));
  expect(router.state.location.pathname).toBe("/sessions");
  expect(await screen.findByText("New connection ID: 123 456")).toBeTruthy();
});

test("axe finds nothing in the palette and in the list of keys", async () => {
  const { user } = await openPalette();
  await screen.findByText("Connect to A. Martin");
  expect(await violations()).toEqual([]);
  await user.keyboard("{Escape}");
  await waitFor(() => expect(screen.queryByRole("dialog")).toBeNull());
  await user.keyboard("?");
  await screen.findByRole("dialog", { name: "Keyboard shortcuts" });
  expect(await violations()).toEqual([]);
});

test("two keys lead to a page, but not while somebody writes", async () => {
  const { user, router } = openConsole("/settings", { size: some });
  await user.type(await screen.findByLabelText("Name"), "gl?n");
  expect(router.state.location.pathname).toBe("/settings");
  expect(screen.queryByRole("dialog")).toBeNull();
  (document.activeElement as HTMLElement).blur();
  await user.keyboard("gl");
  await waitFor(() => expect(router.state.location.pathname).toBe("/logs"));
});

test("single keys can be switched off; those with Control stay", async () => {
  const { user, router } = openConsole("/computers", { size: some });
  await screen.findByRole("searchbox");
  await user.keyboard("?");
  await user.click(await screen.findByRole("switch", { name: /^Shortcuts of single keys/ }));
  await user.keyboard("{Escape}");
  await waitFor(() => expect(screen.queryByRole("dialog")).toBeNull());
  (document.activeElement as HTMLElement).blur();
  await user.keyboard("gl/?");
  expect(router.state.location.pathname).toBe("/computers");
  expect(document.activeElement).toBe(document.body);
  expect(screen.queryByRole("dialog")).toBeNull();
  await user.keyboard("{Control>}k{/Control}");
  expect(await screen.findByRole("combobox", { name: searchField })).toBeTruthy();
});

async function violations(): Promise<string[]> {
  const result = await axe.run(document.body, {
    rules: { "color-contrast": { enabled: false }, region: { enabled: false } },
    resultTypes: ["violations"],
  });
  return result.violations.map((v) => `${v.id}: ${v.nodes.map((node) => node.html).join(" | ")}`);
}
