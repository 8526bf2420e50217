import { screen, waitFor, within } from "@testing-library/react";
import { afterEach, expect, test, vi } from "vitest";
import { openConsole } from "../../test/console";
import { FakeSocket } from "../../test/fake-socket";

vi.mock("../../viewer/viewer", () => ({ createViewer: () => ({ dispose() {} }) }));
afterEach(() => vi.restoreAllMocks());

async function open(change: Parameters<typeof openConsole>[1] = {}) {
  const opened = openConsole("/computers", { size: { computers: 1 }, ...change });
  await opened.user.click(await screen.findByRole("button", { name: "Add a computer" }));
  return opened;
}

test("this computer: a link of its own is made and the client fetched", async () => {
  const fetched: string[] = [];
  vi.spyOn(HTMLAnchorElement.prototype, "click").mockImplementation(function (this: HTMLAnchorElement) {
    fetched.push(this.href);
  });
  const { user, requests } = await open();
  await user.click(screen.getByRole("button", { name: "Add this computer" }));
  expect(await screen.findByText(/^The download has begun/)).toBeTruthy();
  const [made] = requests.filter((r) => r.method === "POST");
  expect(await made!.json()).toEqual({ kind: "own" });
  expect(fetched).toEqual([expect.stringMatching(/^https:\/\/support\.example\.com\/unattended\/u\w+\/download$/)]);
  expect(screen.getByRole("link", { name: "Nothing downloaded? Open its page." })).toBeTruthy();
});

test("an end-user's computer: the link is shown once, mailed, and gone when it was used", async () => {
  const { user, world } = await open();
  await user.click(screen.getByRole("button", { name: "Add an end-user’s computer" }));
  await user.type(await screen.findByRole("textbox", { name: "For whom" }), " Front desk ");
  await user.click(screen.getByRole("button", { name: "Make a link" }));
  expect((await screen.findByTestId("link")).textContent).toMatch(/^https:\/\/support\.example\.com\/unattended\/u/);
  expect(screen.getByText(/^Valid for 48 hours/)).toBeTruthy();
  expect(within(screen.getByRole("region", { name: "Open links" })).getByText("Front desk")).toBeTruthy();

  await user.click(screen.getByRole("button", { name: "Send now" }));
  await user.type(await screen.findByRole("textbox", { name: /^E-mail address/ }), "desk@example.com");
  await user.click(screen.getByRole("button", { name: "Send" }));
  await waitFor(() => expect(world.mails).toHaveLength(1));
  expect(world.mails[0]).toMatchObject({
    to: "desk@example.com",
    language: "en",
    url: expect.stringMatching(/unattended/),
  });

  world.links = [];
  FakeSocket.all.at(-1)!.say({ type: "changed", topics: ["invites"] });
  expect(await screen.findByText("This link was used, taken back or has expired.")).toBeTruthy();
  expect(screen.queryByTestId("link")).toBeNull();
  expect(screen.queryByRole("region", { name: "Open links" })).toBeNull();
});

test("an open link is taken back", async () => {
  const time = new Date(Date.now() + 3_600_000).toISOString();
  const { user, asked } = await open({
    change: (world) => {
      world.me.sendsMail = false;
      world.links = [{ id: "link-9", name: "", createdAt: time, expiresAt: time }];
    },
  });
  await user.click(screen.getByRole("button", { name: "Add an end-user’s computer" }));
  await user.click(await screen.findByRole("button", { name: "Revoke", description: "Without a name" }));
  await waitFor(() => expect(screen.queryByText("Without a name")).toBeNull());
  expect(asked()).toContain("DELETE /api/computers/links/link-9");
});

test("the clients’ SHA-256 are asked for once they are wanted", async () => {
  const { user, asked } = await open();
  await user.click(screen.getByRole("button", { name: "Command line" }));
  expect(asked()).not.toContain("GET /api/downloads");
  await user.click(screen.getByText("SHA-256 of the clients"));
  expect((await screen.findByRole("link", { name: "Windows" })).getAttribute("href")).toMatch(/_0\.exe$/);
  expect(screen.getByRole("link", { name: "Linux (arm64)" })).toBeTruthy();
  expect(screen.getAllByText(/^[0-9a-f]{64}$/)).toHaveLength(2);
  expect(screen.getByText(/^21\.5 MB/)).toBeTruthy();
});

test("a self-signed server is pinned on the line", async () => {
  const { user } = await open({
    change: (world) => {
      world.me.fingerprint = "00112233445566778899aabb";
    },
  });
  await user.click(screen.getByRole("button", { name: "Command line" }));
  expect(screen.getAllByText(/\/relayport "443" \/fingerprint "00112233445566778899aabb"$/)).toHaveLength(2);
});
