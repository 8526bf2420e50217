import { screen, waitFor, within } from "@testing-library/react";
import { expect, test, vi } from "vitest";
import type { World } from "../../dev/seed";
import { leave } from "../api/sign-on";
import { openConsole } from "../test/console";

vi.mock("../api/sign-on", async (original) => ({ ...(await original()), leave: vi.fn() }));

const withProvider = (world: World) => {
  world.loggedIn = false;
  Object.assign(world.signOn, { enabled: true, label: "Example ID" });
};
const out = { change: withProvider };

test("the login page offers the provider only when there is one", async () => {
  openConsole("/login", {
    change: (world) => {
      world.loggedIn = false;
    },
  });
  await screen.findByRole("heading", { name: "Trotters Independent IT" });
  expect(screen.queryByRole("link", { name: /^Log in with/ })).toBeNull();
});

test("the button leads to the provider, and remembers where one wanted to go", async () => {
  const { user, requests } = openConsole("/logs?x=1", out);
  await user.click(await screen.findByRole("link", { name: "Log in with Example ID" }));
  await waitFor(() => expect(leave).toHaveBeenCalledWith("https://login.example.com/authorize?state=abc"));
  const begun = requests.find((one) => one.url.endsWith("/api/login/sign-on"));
  expect(await begun!.json()).toEqual({ return: "/logs?x=1" });
});

test("what the provider answers logs in, once, and leaves the address", async () => {
  const { router, asked, requests } = openConsole("/login/oidc/callback?code=good&state=abc&iss=https%3A%2F%2Fx", out);
  expect(await screen.findByRole("heading", { name: "Remote Computers" })).toBeTruthy();
  expect(asked().filter((one) => one === "POST /api/login/sign-on/finish")).toHaveLength(1);
  const sent = requests.find((one) => one.url.endsWith("/finish"));
  expect(await sent!.json()).toEqual({ state: "abc", code: "good", iss: "https://x", error: "" });
  expect(router.state.location.search).toBe("");
});

test.each([
  ["code=stranger&state=abc", /There is no agent here for your account/],
  ["error=access_denied&state=abc", /did not let you in/],
])("the login page says why %s was no login", async (answer, says) => {
  const { user, router } = openConsole(`/login/oidc/callback?${answer}`, out);
  expect((await screen.findByRole("alert")).textContent).toMatch(says);
  expect(router.state.location.search).toBe("");
  await user.type(screen.getByLabelText("User name"), "rodney");
  await user.type(screen.getByLabelText(/^password/i), "correct horse");
  await user.click(screen.getByRole("button", { name: "Log in" }));
  expect(await screen.findByRole("heading", { name: "Remote Sessions" })).toBeTruthy();
});

test("the second factor is asked for when it is wanted, too", async () => {
  const { user } = openConsole("/login/oidc/callback?code=good&state=abc", {
    change: (world) => {
      withProvider(world);
      world.security.authenticator = true;
    },
  });
  await user.type(await screen.findByLabelText("Code"), "123456{Enter}");
  expect(await screen.findByRole("heading", { name: "Remote Computers" })).toBeTruthy();
});

test("an answer without a question leads to the login page", async () => {
  const { router } = openConsole("/login/oidc/callback", out);
  await screen.findByLabelText("User name");
  expect(router.state.location.pathname).toBe("/login");
});

test("a provider is tried and saved; what is kept of the secret is that there is one", async () => {
  const { user, world, requests } = openConsole("/admin/sign-on");
  const enter = async (field: HTMLElement, text: string) => {
    await user.clear(field);
    await user.click(field);
    await user.paste(text); // a letter at a time takes long
  };
  expect(await screen.findByDisplayValue("https://support.example.com/login/oidc/callback")).toBeTruthy();
  const issuer = screen.getByRole("textbox", { name: /^Issuer/ });
  await enter(issuer, "https://typo.example.com");
  await enter(screen.getByRole("textbox", { name: "Client ID" }), "deskhand");
  await enter(screen.getByLabelText(/^Client secret/), "wrong");
  await user.click(screen.getByRole("button", { name: "Test" }));
  expect(await screen.findByText(/host name is not known/)).toBeTruthy();
  await enter(issuer, "https://login.example.com");
  expect(screen.queryByText(/host name is not known/)).toBeNull();
  await user.click(screen.getByRole("button", { name: "Test" }));
  expect(await screen.findByText(/refuses the client ID or the secret/)).toBeTruthy();
  await enter(screen.getByLabelText(/^Client secret/), "right");
  await user.click(screen.getByRole("button", { name: "Test" }));
  expect(await screen.findByText(/The provider is there. Whether/)).toBeTruthy();

  await user.click(screen.getByRole("switch", { name: /^Agents can log in/ }));
  await user.click(screen.getByRole("button", { name: "Save" }));
  expect(await screen.findByText("The provider has no name.")).toBeTruthy();
  await enter(screen.getByRole("textbox", { name: "Name on the login page" }), "Example ID");
  await user.click(screen.getByRole("switch", { name: /^Make agents/ }));
  await user.click(await screen.findByRole("combobox", { name: "Role of new agents" }));
  await user.click(await screen.findByRole("option", { name: "Administrator" }));
  await user.click(screen.getByRole("button", { name: "Save" }));
  expect(await screen.findByText("Sign-on saved")).toBeTruthy();
  expect(world.signOn).toMatchObject({
    enabled: true,
    label: "Example ID",
    create: true,
    role: "administrator",
    hasSecret: true,
  });
  expect(await screen.findByText(/One is kept, and never shown/)).toBeTruthy();
  expect(screen.getByLabelText(/^Client secret/)).toHaveProperty("value", "");
  const sent = requests.filter((one) => one.method === "PUT").at(-1);
  expect(Object.keys(await sent!.json())).not.toContain("hasSecret");
});

const linked = (removable: boolean) => ({
  change: (world: World) => {
    world.security.signOn = {
      label: "Example ID",
      email: "rodney@example.com",
      linkedAt: new Date().toISOString(),
      lastUsedAt: new Date().toISOString(),
      removable,
    };
  },
});

test("whoever has a password can unlink the account", async () => {
  const { user, world } = openConsole("/settings/security", linked(true));
  await user.click(await screen.findByRole("button", { name: "Unlink" }));
  const dialog = await screen.findByRole("dialog", { name: "Account at Example ID" });
  await user.type(within(dialog).getByLabelText("Your password"), "correct horse{Enter}");
  await waitFor(() => expect(screen.queryByText("rodney@example.com")).toBeNull());
  expect(world.security.signOn).toBeUndefined();
});

test("whoever has none is told how to get one", async () => {
  openConsole("/settings/security", linked(false));
  expect(await screen.findByText(/It is your only way in/)).toBeTruthy();
  expect(screen.queryByRole("button", { name: "Unlink" })).toBeNull();
});

test("an administrator unlinks an agent’s account", async () => {
  const { user, asked } = openConsole("/admin/agents");
  const row = await screen.findByRole("row", { name: /ada@example.com|Ada Okafor/ });
  await user.click(within(row).getByRole("button", { name: "More" }));
  await user.click(await screen.findByRole("menuitem", { name: "Unlink account" }));
  const dialog = await screen.findByRole("dialog", { name: "Unlink account" });
  await user.click(within(dialog).getByRole("button", { name: "Unlink account" }));
  await waitFor(() => expect(asked()).toContain("POST /api/agents/agent-2/unlink"));
});
