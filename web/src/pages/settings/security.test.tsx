import { screen, waitFor, within } from "@testing-library/react";
import { expect, test } from "vitest";
import { strengthOf } from "../../components/new-password";
import { openConsole } from "../../test/console";
import { browserOf } from "./browser";

const body = (request: Request | undefined) => request!.clone().json();

test("the sections of Settings are a click away", async () => {
  const { user, router } = openConsole("/settings");
  const nav = await screen.findByRole("navigation", { name: "Sections of Settings" });
  await user.click(within(nav).getByRole("link", { name: "API tokens" }));
  await waitFor(() => expect(router.state.location.pathname).toBe("/settings/tokens"));
});

test("changes the password, and says beside the fields what is wrong", async () => {
  const { user, asked, requests } = openConsole("/settings/password");
  const fill = async (current: string, password: string, again: string) => {
    for (const [label, value] of [
      ["Current password", current],
      ["New password", password],
      ["New password again", again],
    ] as const) {
      const field = screen.getByLabelText(label, { exact: true });
      await user.clear(field);
      await user.type(field, value);
    }
    await user.click(screen.getByRole("button", { name: "Change password" }));
  };
  await screen.findByLabelText("Current password");
  await fill("x", "short", "short");
  expect(screen.getByText(/Use at least 10 characters/)).toBeTruthy();
  await fill("x", "a long enough one", "another one than this");
  expect(screen.getByText("The two passwords are not the same.")).toBeTruthy();
  expect(asked()).not.toContain("POST /api/password");
  await fill("wrong", "a long enough one", "a long enough one");
  expect(await screen.findByText(/The password is wrong/)).toBeTruthy();
  await fill("correct horse", "a long enough one", "a long enough one");
  expect(await screen.findByText("Password changed")).toBeTruthy();
  const sent = requests.filter((one) => one.url.endsWith("/api/password")).at(-1);
  expect(await body(sent)).toEqual({ current: "correct horse", password: "a long enough one" });
});

test("sets up an authenticator app and shows the recovery codes once", async () => {
  const { user, world } = openConsole("/settings/security");
  await user.click(await screen.findByRole("button", { name: "Set up" }));
  await user.type(await screen.findByLabelText("Your password"), "wrong{Enter}");
  expect(await screen.findByText(/The password is wrong/)).toBeTruthy();
  await user.clear(screen.getByLabelText("Your password"));
  await user.type(screen.getByLabelText("Your password"), "correct horse{Enter}");
  expect((await screen.findByTestId("totp-key")).textContent).toBe("GEZD GNBV GY3T QOJQ GEZD GNBV GY3T QOJQ");
  await user.type(screen.getByLabelText("Code that the app shows now"), "000000{Enter}");
  expect(await screen.findByText(/not the app's code/)).toBeTruthy();
  await user.clear(screen.getByLabelText("Code that the app shows now"));
  await user.type(screen.getByLabelText("Code that the app shows now"), "123456{Enter}");
  expect((await screen.findByTestId("recovery-codes")).children).toHaveLength(10);
  await user.click(screen.getByRole("button", { name: "Done" }));
  expect(await screen.findByText("10 codes left")).toBeTruthy();
  expect(world.security.authenticator).toBe(true);
  await waitFor(() => expect(screen.queryByTestId("recovery-codes")).toBeNull());
});

test("removes the authenticator app only with the password", async () => {
  const { user, world } = openConsole("/settings/security", {
    change: (w) => Object.assign(w.security, { authenticator: true, recoveryCodes: 9 }),
  });
  await user.click(await screen.findByRole("button", { name: "Remove" }));
  await user.type(await screen.findByLabelText("Your password"), "correct horse{Enter}");
  expect(await screen.findByText("Not set up")).toBeTruthy();
  expect(world.security.authenticator).toBe(false);
});

test("gives a passkey another name", async () => {
  const { user, world } = openConsole("/settings/security", {
    change: (w) => {
      w.security.passkeys = [{ id: "p1", name: "Firefox, Linux", createdAt: "2026-11-01T08:00:00Z" }];
    },
  });
  await user.click(await screen.findByRole("button", { name: "Rename Firefox, Linux" }));
  const field = await screen.findByLabelText("Name");
  await user.clear(field);
  await user.type(field, "{Enter}");
  expect(screen.getByText("Enter a name that you know it by.")).toBeTruthy();
  await user.type(field, " Blue key {Enter}");
  expect(await screen.findByRole("button", { name: "Rename Blue key" })).toBeTruthy();
  expect(world.security.passkeys[0]!.name).toBe("Blue key");
});

test("says that a second factor is needed", async () => {
  openConsole("/settings/security", {
    change: (w) => {
      w.me.needsSecondFactor = true;
    },
  });
  expect(await screen.findByText(/wants everybody to have a second factor/)).toBeTruthy();
});

test("lists logins with browser and system, this one first, and ends others", async () => {
  const { user, world } = openConsole("/settings/logins");
  const list = await screen.findByRole("list", { name: "Logins" });
  const rows = within(list).getAllByRole("listitem");
  expect(rows[0]!.textContent).toContain("Chrome, LinuxThis one");
  expect(within(rows[0]!).queryByRole("button")).toBeNull();
  await user.click(within(list).getByRole("button", { name: "End Firefox, Windows" }));
  await waitFor(() => expect(screen.queryByText(/Firefox/)).toBeNull());
  expect(world.logins).toHaveLength(2);
  await user.click(screen.getByRole("button", { name: "End all others" }));
  await waitFor(() => expect(world.logins).toHaveLength(1));
  await waitFor(() => expect(screen.queryByRole("button", { name: "End all others" })).toBeNull());
});

test("asks for the password before a token when the login is old, or has grown old", async () => {
  const { user, world } = openConsole("/settings/tokens", {
    change: (w) => {
      w.oldLogin = true;
    },
  });
  await user.click(await screen.findByRole("button", { name: "New token" }));
  await user.type(screen.getByLabelText("Name"), "Backup");
  await user.click(screen.getByLabelText("logs:read"));
  await user.click(screen.getByRole("button", { name: "Make token" }));
  expect(screen.getByText("Enter your password.")).toBeTruthy();
  await user.type(screen.getByLabelText("Your password"), "wrong{Enter}");
  expect(await screen.findByText("The password is wrong.")).toBeTruthy();
  await user.clear(screen.getByLabelText("Your password"));
  await user.type(screen.getByLabelText("Your password"), "correct horse{Enter}");
  expect((await screen.findByTestId("token-secret")).textContent).toBe("dh_secret");
  await user.click(screen.getByRole("button", { name: "Done" }));
  world.oldLogin = false;
});

test("makes a token with the scopes that were chosen, shows it once, and removes it", async () => {
  const { user, world, requests } = openConsole("/settings/tokens");
  await user.click(await screen.findByRole("button", { name: "New token" }));
  await user.click(await screen.findByRole("button", { name: "Make token" }));
  expect(screen.getByText("Enter what the token is for.")).toBeTruthy();
  expect(screen.getByText("Choose at least one.")).toBeTruthy();
  await user.type(screen.getByLabelText("Name"), "Backup");
  await user.click(screen.getByLabelText("logs:read"));
  await user.click(screen.getByRole("button", { name: "Make token" }));
  expect((await screen.findByTestId("token-secret")).textContent).toBe("dh_secret");
  const sent = await body(requests.find((one) => one.method === "POST" && one.url.endsWith("/api/tokens")));
  expect(sent).toMatchObject({ name: "Backup", scopes: ["logs:read"] });
  expect(Date.parse(sent.expiresAt)).toBeGreaterThan(Date.now() + 89 * 86_400_000);
  await user.click(screen.getByRole("button", { name: "Done" }));
  await user.click(await screen.findByRole("button", { name: "Remove Backup" }));
  await user.click(await screen.findByRole("button", { name: "Remove" }));
  await waitFor(() => expect(world.tokens.map((one) => one.name)).toEqual(["Help desk export"]));
});

test.each([
  [
    "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.5 Safari/605.1.15",
    "Safari",
    "macOS",
  ],
  [
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0 Safari/537.36 Edg/140.0",
    "Edge",
    "Windows",
  ],
  [
    "Mozilla/5.0 (Linux; Android 15) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0 Mobile Safari/537.36",
    "Chrome",
    "Android",
  ],
  ["curl/8.5.0", "", ""],
])("%s", (userAgent, browser, system) => {
  expect(browserOf(userAgent)).toEqual({ browser, system });
});

test("a password is stronger the longer and the more varied it is", () => {
  const list = [
    "short",
    "aaaaaaaaaaaa",
    "lettersonly",
    "several words here",
    "Several words, 9 in all!",
    "correct horse battery staple",
  ];
  const scores = list.map(strengthOf);
  expect(scores[0]).toBe(0);
  expect(scores[1]).toBe(1);
  expect(scores).toEqual(scores.toSorted((a, b) => a - b));
  expect(scores.at(-1)).toBe(4);
});
