import { screen, waitFor, within } from "@testing-library/react";
import { expect, test, vi } from "vitest";
import { openConsole } from "../test/console";
import { commandLine } from "./add-computer";

vi.mock("../viewer/viewer", () => ({ createViewer: () => ({ dispose() {} }) }));

const names = () =>
  screen
    .getAllByRole("row")
    .slice(1)
    .map((row) => within(row).getAllByRole("cell")[0]?.textContent);

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
  expect(within(row("TILL-02")).queryByRole("button")).toBeNull();
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
