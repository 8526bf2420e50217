import { screen, waitFor, within } from "@testing-library/react";
import { expect, test } from "vitest";
import { openConsole } from "../../test/console";

test("an empty log says what will be here", async () => {
  openConsole("/logs");
  expect(await screen.findByText("Ended sessions will be here")).toBeTruthy();
});

test("a row tells the whole session", async () => {
  openConsole("/logs", { size: { logs: 3 } });
  const row = (await screen.findByText("A. Martin")).closest<HTMLElement>("[role=row]")!;
  const cells = within(row)
    .getAllByRole("cell")
    .map((cell) => cell.textContent);
  expect(cells.slice(2)).toEqual([
    "1:35",
    "A. Martin",
    "RECEPTION-02",
    "Rodney Trotter and Ada Okafor",
    "9000",
    "Control",
    "Ended by Rodney Trotter.",
    "Rodney Trotter",
    "Attended",
    "192.0.2.0",
    "203.0.113.0",
    "Replaced the driver and asked them to restart. Works again.",
  ]);
});

test("fetches page after page until the list is long enough to scroll", async () => {
  const { asked } = openConsole("/logs", { size: { logs: 230 } });
  await waitFor(() => expect(asked().filter((line) => line.startsWith("GET /api/logs")).length).toBeGreaterThan(0));
  expect(asked().find((line) => line.startsWith("GET /api/logs"))).toBe("GET /api/logs?limit=100&all=true");
});

test("only administrators are asked whose sessions they want", async () => {
  const { asked } = openConsole("/logs", {
    size: { logs: 3 },
    change: (world) => {
      world.me.role = "agent";
    },
  });
  await screen.findByText("A. Martin");
  expect(screen.queryByText("Everyone")).toBeNull();
  expect(asked()).toContain("GET /api/logs?limit=100&all=false");
});

test("hides a column and remembers it", async () => {
  const { user, unmount } = openConsole("/logs", { size: { logs: 3 } });
  await user.click(await screen.findByRole("button", { name: "Columns" }));
  await user.click(await screen.findByRole("menuitemcheckbox", { name: "Owner" }));
  await waitFor(() => expect(screen.queryByRole("columnheader", { name: "Owner" })).toBeNull());
  unmount();
  openConsole("/logs", { size: { logs: 3 } });
  await screen.findByText("A. Martin");
  expect(screen.queryByRole("columnheader", { name: "Owner" })).toBeNull();
  expect(screen.getByRole("columnheader", { name: "Duration" })).toBeTruthy();
});
