import { screen, waitFor, within } from "@testing-library/react";
import { expect, test } from "vitest";
import { makeWebhook } from "../../../dev/operations";
import { openConsole } from "../../test/console";

test("adds a webhook and shows its secret once", async () => {
  const { user, world } = openConsole("/admin/webhooks");
  expect(await screen.findByText("No program is told yet")).toBeTruthy();
  await user.click(screen.getByRole("button", { name: "Add a webhook" }));
  const dialog = await screen.findByRole("dialog", { name: "Add a webhook" });
  const address = within(dialog).getByRole("textbox", { name: /^Address/ });
  await user.click(within(dialog).getByRole("button", { name: "Add a webhook" }));
  expect(within(dialog).getByText("Enter the address that is told.")).toBeTruthy();
  await user.type(address, "http://tickets.example.com");
  await user.click(within(dialog).getByRole("button", { name: "Add a webhook" }));
  expect(await within(dialog).findByText("Events are only sent encrypted.")).toBeTruthy();
  await user.clear(address);
  await user.type(address, "https://tickets.example.com/x");
  await user.click(within(dialog).getByRole("checkbox", { name: "A computer goes offline" }));
  await user.click(within(dialog).getByRole("button", { name: "Add a webhook" }));
  const secret = await screen.findByRole("dialog", { name: "The webhook’s secret" });
  expect(within(secret).getByText(/^whsec_/)).toBeTruthy();
  expect(world.webhooks[0]?.events).toEqual(["session.waiting", "session.ended", "computer.offline"]);
});

test("a webhook that was given up says so, is switched on, tested, and its events sent again", async () => {
  const { user, world, asked } = openConsole("/admin/webhooks", {
    change: (made) => {
      made.webhooks = [makeWebhook({ enabled: false, gaveUp: true })];
    },
  });
  expect(await screen.findByText(/It took nothing for three days/)).toBeTruthy();
  await user.click(screen.getByRole("button", { name: /^Actions for/ }));
  await user.click(await screen.findByRole("menuitem", { name: "Switch on" }));
  await waitFor(() => expect(screen.queryByText(/It took nothing/)).toBeNull());
  expect(world.webhooks[0]?.enabled).toBe(true);
  await user.click(screen.getByRole("button", { name: "Send a test" }));
  const list = await screen.findByRole("list", { name: "Last answers" });
  expect(within(list).getByText("Answer 500 after 42 ms")).toBeTruthy();
  await user.click(within(list).getAllByRole("button", { name: "Send again" })[0]!);
  await waitFor(() => expect(asked()).toContain("POST /api/webhooks/webhook-1/deliveries/2/again"));
  expect(asked()).toContain("POST /api/webhooks/webhook-1/test");
});

test("removing a webhook asks first", async () => {
  const { user, world } = openConsole("/admin/webhooks", {
    change: (made) => {
      made.webhooks = [makeWebhook()];
    },
  });
  await user.click(await screen.findByRole("button", { name: /^Actions for/ }));
  await user.click(await screen.findByRole("menuitem", { name: "Remove …" }));
  const dialog = await screen.findByRole("dialog", { name: "Remove the webhook to tickets.example.com?" });
  await user.click(within(dialog).getByRole("button", { name: "Remove the webhook" }));
  await waitFor(() => expect(world.webhooks).toEqual([]));
});

test("the branding is previewed, then saved", async () => {
  const { user, world } = openConsole("/admin/branding");
  const company = await screen.findByRole("textbox", { name: /^Company/ });
  await user.clear(company);
  await user.type(company, "Contoso");
  await user.type(screen.getByRole("textbox", { name: /^Words of the consent/ }), "Calls are recorded.");
  const preview = screen.getByRole("region", { name: "Preview" });
  expect(within(preview).getAllByText("Contoso")).toHaveLength(2);
  expect(within(preview).getAllByText("Calls are recorded.")).toHaveLength(2);
  const color = screen.getByRole("textbox", { name: /^Colour/ });
  await user.type(color, "#zz");
  expect(screen.getByText("Write the colour like #0b6b85.")).toBeTruthy();
  await user.clear(color);
  await user.type(color, "#ffcc00");
  expect(await screen.findByText(/too light for text on a light ground/)).toBeTruthy();
  await user.click(screen.getByRole("button", { name: "Save" }));
  expect(await screen.findByText("Branding saved")).toBeTruthy();
  expect(world.branding).toMatchObject({ company: "Contoso", color: "#ffcc00", consentWords: "Calls are recorded." });
});

test("the logo is kept at once; what is too large is not sent", async () => {
  const { user, asked, container } = openConsole("/admin/branding");
  await screen.findByRole("button", { name: "Choose a logo" });
  const field = container.querySelector<HTMLInputElement>("input[type=file]")!;
  await user.upload(field, new File([new Uint8Array(600 * 1024)], "large.png", { type: "image/png" }));
  expect(screen.getByRole("alert").textContent).toContain("more than 512 kB");
  await user.upload(field, new File(["picture"], "small.png", { type: "image/png" }));
  expect(await screen.findByRole("img", { name: "The logo now" })).toBeTruthy();
  expect(asked().filter((one) => one.startsWith("PUT"))).toHaveLength(1);
  await user.click(screen.getByRole("button", { name: "Remove the logo" }));
  expect(await screen.findByRole("button", { name: "Choose a logo" })).toBeTruthy();
});

test("the audit is filtered and verified", async () => {
  const { user, asked } = openConsole("/admin/audit");
  const table = await screen.findByRole("table", { name: "Audit log" });
  expect(within(table).getAllByText("Logged in")[0]?.title).toBe("agent.login");
  expect(within(table).getAllByText("later.verb")[0]?.title).toBe("later.verb");
  await user.click(screen.getByRole("combobox", { name: "Act" }));
  await user.click(await screen.findByRole("option", { name: "Session ended" }));
  await waitFor(() => expect(asked().some((one) => one.includes("verb=session.end"))).toBe(true));
  await waitFor(() => expect(screen.queryByTitle("agent.login")).toBeNull());
  await user.click(screen.getByRole("combobox", { name: "By" }));
  await user.click(await screen.findByRole("option", { name: "Rodney Trotter" }));
  await waitFor(() => expect(asked().some((one) => /verb=session.end&agent=agent-1/.test(one))).toBe(true));
  await user.click(screen.getByRole("button", { name: "Verify" }));
  expect(await screen.findByText(/The audit is whole: 12 events, up to number 12/)).toBeTruthy();
  expect(screen.getByRole("link", { name: "Export" }).getAttribute("href")).toBe("/api/audit/export");
});

test("server health shows numbers, graphs and what to do", async () => {
  openConsole("/admin/health");
  expect(await screen.findByText(/No mail server is set up/)).toBeTruthy();
  expect(screen.getByText("31 of 40 online")).toBeTruthy();
  expect(screen.getByText(/^SQLite, 48.3 MB, answers in 0.4 ms$/)).toBeTruthy();
  expect(screen.getAllByRole("figure")).toHaveLength(6);
});
