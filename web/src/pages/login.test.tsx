import { screen, waitFor } from "@testing-library/react";
import { expect, test, vi } from "vitest";
import type { World } from "../../dev/seed";
import { openConsole } from "../test/console";
import { returnPath } from "./login";

const out = {
  change: (world: World) => {
    world.loggedIn = false;
  },
};

async function fill(user: ReturnType<typeof openConsole>["user"], name: string, password: string) {
  await user.type(await screen.findByLabelText("User name"), name);
  await user.type(screen.getByLabelText(/^password/i), password);
  await user.click(screen.getByRole("button", { name: "Log in" }));
}

test("leads to the login and then to where one wanted to go", async () => {
  const { user, router } = openConsole("/computers?x=1", out);
  await fill(user, "rodney", "correct horse");
  expect(await screen.findByRole("heading", { name: "Remote Computers" })).toBeTruthy();
  expect(router.state.location.pathname + router.state.location.search).toBe("/computers?x=1");
});

test("names the company that one logs in to", async () => {
  openConsole("/login", out);
  expect(await screen.findByRole("heading", { name: "Trotters Independent IT" })).toBeTruthy();
});

test("says beside the field what is missing, without asking the server", async () => {
  const { user, asked } = openConsole("/login", out);
  await user.click(await screen.findByRole("button", { name: "Log in" }));
  expect(screen.getByText("Enter your user name.")).toBeTruthy();
  expect(screen.getByText("Enter your password.")).toBeTruthy();
  expect(asked()).not.toContain("POST /api/login");
});

test("says that the login is wrong and keeps the user name", async () => {
  const { user } = openConsole("/login", out);
  await fill(user, "rodney", "wrong");
  expect(await screen.findByText("The user name or the password is wrong.")).toBeTruthy();
  expect(screen.getByLabelText("User name")).toHaveProperty("value", "rodney");
});

test("counts down when there were too many tries", async () => {
  const { user } = openConsole("/login", out);
  await fill(user, "rodney", "throttled");
  expect(await screen.findByText(/Try again in 0:0[78]/)).toBeTruthy();
  const button = screen.getByRole("button", { name: "Log in" });
  expect(button).toHaveProperty("disabled", true);
  vi.useFakeTimers({ now: Date.now() + 9000, shouldAdvanceTime: true });
  try {
    await waitFor(() => expect(button).toHaveProperty("disabled", false), { timeout: 3000 });
    expect(screen.getByText("You can try again now.")).toBeTruthy();
  } finally {
    vi.useRealTimers();
  }
});

test.each([
  [null, "/sessions"],
  ["/logs", "/logs"],
  ["/computers?a=1", "/computers?a=1"],
  ["https://evil.example/", "/sessions"],
  ["//evil.example/", "/sessions"],
  ["/\\evil.example/", "/sessions"],
  ["/\t/evil.example/", "/sessions"],
  ["javascript:alert(1)", "/sessions"],
])("after the login with return=%j one is at %s", (wanted, path) => {
  expect(returnPath(wanted)).toBe(path);
});

const factor = {
  change: (world: World) => {
    world.loggedIn = false;
    world.security.authenticator = true;
  },
};

test("asks for the code after the password, and again when it is wrong", async () => {
  const { user, world } = openConsole("/login", factor);
  await fill(user, "rodney", "correct horse");
  await user.type(await screen.findByLabelText("Code"), "000000{Enter}");
  expect(await screen.findByText(/The code is wrong/)).toBeTruthy();
  expect(world.loggedIn).toBe(false);
  await user.clear(screen.getByLabelText("Code"));
  await user.type(screen.getByLabelText("Code"), "123456{Enter}");
  expect(await screen.findByRole("heading", { name: "Remote Sessions" })).toBeTruthy();
});

test("takes a recovery code in its place, and leads back to the password", async () => {
  const { user } = openConsole("/login", factor);
  await fill(user, "rodney", "correct horse");
  await user.click(await screen.findByRole("button", { name: "Start again" }));
  await fill(user, "rodney", "correct horse");
  await user.click(await screen.findByRole("button", { name: "Use a recovery code" }));
  await user.type(screen.getByLabelText("Recovery code"), "k7m2-9fqx-abcd-efgh{Enter}");
  expect(await screen.findByRole("heading", { name: "Remote Sessions" })).toBeTruthy();
});

test("offers no passkey where the browser knows none", async () => {
  openConsole("/login", out);
  await screen.findByRole("link", { name: "Forgot password?" });
  expect(screen.queryByRole("button", { name: "Use a passkey" })).toBeNull();
});

test("sends a link for a new password, and says the same whoever asks", async () => {
  const { user, asked } = openConsole("/login", out);
  await user.click(await screen.findByRole("link", { name: "Forgot password?" }));
  await user.type(await screen.findByLabelText("User name or e-mail address"), "nobody{Enter}");
  expect(await screen.findByText(/If there is such an account/)).toBeTruthy();
  expect(asked()).toContain("POST /api/password/forgot");
});

test("a link for a new password leads to one", async () => {
  const { user, asked } = openConsole("/reset#good", out);
  expect(await screen.findByText("For Rodney Trotter (rodney)")).toBeTruthy();
  expect(asked().some((one) => one.includes("good"))).toBe(false);
  await user.type(screen.getByLabelText("New password"), "a long enough one");
  await user.type(screen.getByLabelText("New password again"), "a long enough one{Enter}");
  expect(await screen.findByText(/Your password is changed/)).toBeTruthy();
});

test("a link that is over says so", async () => {
  openConsole("/reset#old", out);
  expect(await screen.findByText(/has been used or is over/)).toBeTruthy();
});
