import { screen, waitFor, within } from "@testing-library/react";
import { expect, test } from "vitest";
import { openConsole } from "../../test/console";

test("Administration is there for those who may see it, and leads to the first section", async () => {
  const { user, router } = openConsole("/sessions");
  await user.click(await screen.findByRole("link", { name: "Administration" }));
  expect(await screen.findByRole("heading", { name: "Agents" })).toBeTruthy();
  expect(router.state.location.pathname).toBe("/admin/agents");
});

test("who may do nothing there sees no way to it", async () => {
  openConsole("/admin/agents", {
    change: (world) => {
      world.me.permissions = ["view"];
    },
  });
  expect(await screen.findByText("There is nothing at this address.")).toBeTruthy();
  expect(screen.queryByRole("link", { name: "Administration" })).toBeNull();
});

test("lists agents, and finds them", async () => {
  const { user } = openConsole("/admin/agents");
  const table = await screen.findByRole("table", { name: "Agents" });
  expect(within(table).getByText("ada · Support engineer")).toBeTruthy();
  expect(within(table).getByText("Invited")).toBeTruthy();
  expect(within(table).getByText("Disabled")).toBeTruthy();
  await user.type(screen.getByRole("searchbox", { name: "Search agents" }), "beatriz");
  await waitFor(() => expect(within(table).queryByText("ada · Support engineer")).toBeNull());
  expect(within(table).getByText("Observers")).toBeTruthy();
});

test("invites an agent, and shows the link once", async () => {
  const { user, world } = openConsole("/admin/agents");
  await user.click(await screen.findByRole("button", { name: "Add agent" }));
  const dialog = await screen.findByRole("dialog", { name: "Add agent" });
  await user.click(within(dialog).getByRole("button", { name: "Add agent" }));
  expect(within(dialog).getByText("Enter a user name.")).toBeTruthy();
  await user.type(within(dialog).getByLabelText("User name"), "ada");
  await user.type(within(dialog).getByLabelText("Name"), "Grace");
  await user.click(within(dialog).getByRole("button", { name: "Add agent" }));
  expect(await within(dialog).findByText("The user name ada is taken.")).toBeTruthy();
  await user.clear(within(dialog).getByLabelText("User name"));
  await user.type(within(dialog).getByLabelText("User name"), "grace");
  await user.click(within(dialog).getByRole("button", { name: "Add agent" }));
  const link = await screen.findByLabelText("Invitation link");
  expect(link).toHaveProperty("value", "https://support.example.com/invitation#Xk29vQpTz7");
  expect(world.agents.at(-1)).toMatchObject({ userName: "grace", state: "invited", role: "agent" });
});

test("adds an agent with a password that is shown once", async () => {
  const { user } = openConsole("/admin/agents");
  await user.click(await screen.findByRole("button", { name: "Add agent" }));
  const dialog = await screen.findByRole("dialog", { name: "Add agent" });
  await user.type(within(dialog).getByLabelText("User name"), "grace");
  await user.type(within(dialog).getByLabelText("Name"), "Grace");
  await user.click(within(dialog).getByRole("radio", { name: "Password" }));
  await user.click(within(dialog).getByRole("button", { name: "Add agent" }));
  expect(await screen.findByLabelText("Password of grace")).toHaveProperty("value", "k7m2-9fqx-ab3d");
});

test("disables several agents after asking", async () => {
  const { user, world } = openConsole("/admin/agents");
  await user.click(await screen.findByRole("checkbox", { name: "Select Ada Okafor" }));
  await user.click(screen.getByRole("checkbox", { name: "Select Beatriz Lima" }));
  expect(screen.queryByRole("checkbox", { name: "Select Rodney Trotter" })).toBeNull(); // nobody disables themselves
  await user.click(within(screen.getByRole("group", { name: "2 selected" })).getByRole("button", { name: "Disable" }));
  const dialog = await screen.findByRole("dialog", { name: "Disable 2 agents?" });
  await user.click(within(dialog).getByRole("button", { name: "Disable" }));
  await waitFor(() => expect(screen.queryByRole("group", { name: "2 selected" })).toBeNull());
  expect(world.agents.filter((agent) => agent.state === "disabled").map((agent) => agent.userName)).toEqual([
    "ada",
    "beatriz",
    "tomas",
  ]);
});

test("edits an agent's role", async () => {
  const { user, world } = openConsole("/admin/agents");
  await user.click(await screen.findByRole("button", { name: "More", description: /^Ada Okafor/ }));
  await user.click(await screen.findByRole("menuitem", { name: "Edit" }));
  const dialog = await screen.findByRole("dialog", { name: "Edit Ada Okafor" });
  await user.click(within(dialog).getByRole("combobox", { name: "Role" }));
  await user.click(await screen.findByRole("option", { name: "Observers" }));
  await user.click(within(dialog).getByRole("button", { name: "Save" }));
  expect(await screen.findByText("Agent saved")).toBeTruthy();
  expect(world.agents[1]!.role).toBe("role-1");
});

test("makes a role; control is not without looking", async () => {
  const { user, world } = openConsole("/admin/roles");
  await user.click(await screen.findByRole("button", { name: "Add role" }));
  const dialog = await screen.findByRole("dialog", { name: "Add a role" });
  await user.click(within(dialog).getByRole("checkbox", { name: "Look at the screen" }));
  expect(within(dialog).getByRole("checkbox", { name: "Control the computer" })).toHaveProperty("checked", false);
  await user.click(within(dialog).getByRole("checkbox", { name: "Control the computer" }));
  expect(within(dialog).getByRole("checkbox", { name: "Look at the screen" })).toHaveProperty("checked", true);
  await user.click(within(dialog).getByRole("button", { name: "Add role" }));
  expect(within(dialog).getByText("Enter a name.")).toBeTruthy();
  await user.type(within(dialog).getByLabelText("Name"), "Night shift");
  await user.click(within(dialog).getByRole("button", { name: "Add role" }));
  expect(await screen.findByText("Role saved")).toBeTruthy();
  expect(world.roles.at(-1)).toMatchObject({ name: "Night shift", permissions: ["view", "control"] });
});

test("removes a role that nobody has", async () => {
  const { user, world } = openConsole("/admin/roles");
  await user.click(await screen.findByRole("button", { name: "More", description: "Interns" }));
  await user.click(await screen.findByRole("menuitem", { name: "Remove" }));
  const dialog = await screen.findByRole("dialog", { name: "Remove the role Interns?" });
  await user.click(within(dialog).getByRole("button", { name: "Remove" }));
  await waitFor(() => expect(world.roles.map((role) => role.name)).not.toContain("Interns"));
});

test("nobody ticks what they may not do themselves", async () => {
  const { user } = openConsole("/admin/roles", {
    change: (world) => {
      world.me.role = "role-9";
      world.me.permissions = ["view", "manage-agents"];
      for (const role of world.roles) role.mightier = role.permissions.includes("control");
    },
  });
  await user.click(await screen.findByRole("button", { name: "More", description: "Interns" }));
  await user.click(await screen.findByRole("menuitem", { name: "Edit" }));
  const dialog = await screen.findByRole("dialog", { name: "Edit the role Interns" });
  expect(within(dialog).getByRole("checkbox", { name: "Control the computer" })).toHaveProperty("disabled", true);
  expect(within(dialog).getByRole("checkbox", { name: "Look at the screen" })).toHaveProperty("disabled", false);
});

test("saves policies, and refuses what is out of the limits", async () => {
  const { user, world } = openConsole("/admin/policies");
  const seconds = await screen.findByLabelText("Time to answer, in seconds");
  await user.clear(seconds);
  await user.type(seconds, "5");
  await user.click(screen.getByRole("button", { name: "Save changes" }));
  expect(screen.getByText("Enter a whole number from 15 to 300.")).toBeTruthy();
  await user.clear(seconds);
  await user.type(seconds, "60");
  await user.click(screen.getByRole("switch", { name: /Require a second factor/ }));
  await user.click(screen.getByRole("button", { name: "Save changes" }));
  expect(await screen.findByText("Policies saved")).toBeTruthy();
  expect(world.policy).toMatchObject({ consentSeconds: 60, secondFactor: true, idleMinutes: 720 });
});

test("unsaved policies are not left by mistake", async () => {
  const { user, router } = openConsole("/admin/policies");
  await user.type(await screen.findByLabelText("Longest wait, in minutes"), "0");
  await user.click(screen.getByRole("link", { name: "Roles" }));
  const dialog = await screen.findByRole("dialog", { name: "Leave without saving?" });
  await user.click(within(dialog).getByRole("button", { name: "Stay" }));
  expect(router.state.location.pathname).toBe("/admin/policies");
  await user.click(screen.getByRole("button", { name: "Discard" }));
  await user.click(screen.getByRole("link", { name: "Roles" }));
  expect(await screen.findByRole("heading", { name: "Roles" })).toBeTruthy();
});

test("makes a link for a new password", async () => {
  const { user } = openConsole("/admin/agents");
  await user.click(await screen.findByRole("button", { name: "More", description: /^Ada Okafor/ }));
  await user.click(await screen.findByRole("menuitem", { name: "Reset password" }));
  await screen.findByRole("dialog", { name: "New password for Ada Okafor" });
  expect(await screen.findByLabelText("Link for a new password")).toHaveProperty(
    "value",
    "https://support.example.com/reset#b7Qw",
  );
});

test("resets a second factor after asking", async () => {
  const { user, world } = openConsole("/admin/agents");
  await user.click(await screen.findByRole("button", { name: "More", description: /^Ada Okafor/ }));
  await user.click(await screen.findByRole("menuitem", { name: "Reset second factor" }));
  const dialog = await screen.findByRole("dialog", { name: "Reset second factor" });
  await user.click(within(dialog).getByRole("button", { name: "Reset second factor" }));
  expect(await screen.findByText("Second factor reset")).toBeTruthy();
  expect(world.agents[1]!.secondFactor).toBe(false);
});

test("a role without links and connection IDs sees neither", async () => {
  openConsole("/sessions", {
    change: (world) => {
      world.me.permissions = ["view"];
    },
  });
  await screen.findByRole("heading", { name: "Available connections" });
  expect(screen.queryByLabelText("Ticket number")).toBeNull();
  expect(screen.queryByRole("button", { name: /connection ID/i })).toBeNull();
  expect(screen.queryByRole("switch", { name: "Show all sessions" })).toBeNull();
});
