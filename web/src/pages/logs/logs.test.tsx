import { fireEvent, screen, waitFor, within } from "@testing-library/react";
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
  await waitFor(() => expect(rows(asked()).length).toBeGreaterThan(0));
  expect(rows(asked())[0]).toBe("GET /api/logs?limit=100&all=true");
});

test("only administrators are asked whose sessions they want", async () => {
  const { asked } = openConsole("/logs", {
    size: { logs: 3 },
    change: (world) => {
      world.me.role = "agent";
      world.me.permissions = [];
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

const shown = () => screen.getAllByRole("row").slice(1);
const rows = (asked: string[]) => asked.filter((line) => line.startsWith("GET /api/logs?"));

test("says how many there are", async () => {
  openConsole("/logs", { size: { logs: 1204 } });
  expect(await screen.findByText("1,204 sessions")).toBeTruthy();
});

test("a filter stands in the address, on a chip, and is taken away by it", async () => {
  const { user, router, asked } = openConsole("/logs", { size: { logs: 60 } });
  await screen.findAllByText("A. Martin");
  await user.type(screen.getByRole("searchbox", { name: "Search logs" }), "martin");
  await waitFor(() => expect(router.state.location.search).toBe("?q=martin"));
  await waitFor(() => expect(shown()).toHaveLength(6));
  expect(rows(asked()).at(-1)).toBe("GET /api/logs?limit=100&all=true&q=martin");
  await user.click(screen.getByRole("button", { name: "Remove the filter Search: martin" }));
  await waitFor(() => expect(shown()).toHaveLength(60));
  expect(router.state.location.search).toBe("");
  expect(screen.getByRole<HTMLInputElement>("searchbox", { name: "Search logs" }).value).toBe("");
});

test("an address with filters shows what it says", async () => {
  const { asked } = openConsole(
    "/logs?type=unattended&ticket=89&computer=lab&from=2026-11-01&to=2026-11-02&agent=agent-2&sort=computer&whose=all",
    { size: { logs: 60 } },
  );
  expect(await screen.findByText("No session matches")).toBeTruthy();
  const url = new URL(rows(asked())[0]!.slice(4), "http://x");
  const { from, to, ...rest } = Object.fromEntries(url.searchParams);
  expect(rest).toEqual({
    limit: "100",
    all: "true",
    computer: "lab",
    ticket: "89",
    agent: "agent-2",
    type: "unattended",
    sort: "computer",
    order: "asc",
  });
  expect([new Date(from!).getTime(), new Date(to!).getTime()]).toEqual([
    new Date(2026, 10, 1).getTime(),
    new Date(2026, 10, 3).getTime(),
  ]);
  const href = screen.getByRole("button", { name: "Export to csv" }).getAttribute("href")!;
  expect(href).toMatch(/^\/api\/logs\/export\.csv\?all=true&.*ticket=89.*zone=/);
});

test("headings sort, and say so", async () => {
  const { user, router } = openConsole("/logs", { size: { logs: 20 } });
  const heading = async (name: string) => (await screen.findByRole("button", { name })).closest("[role=columnheader]")!;
  expect((await heading("Start")).getAttribute("aria-sort")).toBe("descending");
  await user.click(await screen.findByRole("button", { name: "Computer" }));
  await waitFor(async () => expect((await heading("Computer")).getAttribute("aria-sort")).toBe("ascending"));
  expect(router.state.location.search).toBe("?sort=computer");
  await user.click(await screen.findByRole("button", { name: "Computer" }));
  await waitFor(() => expect(router.state.location.search).toBe("?sort=-computer"));
});

test("a row opens its session beside the list; the note is changed; Escape leads back to the row", async () => {
  const { user, router, world, asked } = openConsole("/logs?q=martin", { size: { logs: 3 } });
  await user.click(await screen.findByText("RECEPTION-02"));
  const panel = within(await screen.findByRole("complementary", { name: "A. Martin" }));
  expect(router.state.location.pathname + router.state.location.search).toBe("/logs/log-0?q=martin");
  expect(panel.getByText("The session began with RECEPTION-02")).toBeTruthy();
  expect(panel.getByText("Ada Okafor was allowed to control")).toBeTruthy();
  const note = panel.getByRole("textbox", { name: "Note" });
  fireEvent.change(note, { target: { value: "Works again." } });
  await user.click(panel.getByRole("button", { name: "Save" }));
  await waitFor(() => expect(world.logs[0]!.note).toBe("Works again."));
  expect(asked()).toContain("PATCH /api/logs/log-0");
  await waitFor(() => expect(panel.queryByRole("button", { name: "Save" })).toBeNull());
  await user.keyboard("{Escape}");
  await waitFor(() => expect(router.state.location.pathname).toBe("/logs"));
  await waitFor(() => expect(document.activeElement?.id).toBe("log-log-0"));
});

test("a session that is not there says so", async () => {
  openConsole("/logs/nothing", { size: { logs: 3 } });
  expect(await screen.findByText("There is no such session.")).toBeTruthy();
});

test("what is typed counts also when its field goes at once", async () => {
  const { user, router } = openConsole("/logs", { size: { sessions: 0, computers: 0, logs: 5 } });
  await user.click(await screen.findByRole("button", { name: "More filters" }));
  await user.type(await screen.findByLabelText("Computer"), "nobody{Escape}");
  await waitFor(() => expect(router.state.location.search).toContain("computer=nobody"));
  expect(await screen.findByText("No session matches")).toBeTruthy();
});
