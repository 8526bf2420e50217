import { screen, waitFor } from "@testing-library/react";
import { expect, test } from "vitest";
import { openConsole } from "../../test/console";

test("saves the profile", async () => {
  const { user, world } = openConsole("/settings");
  const name = await screen.findByRole("textbox", { name: /^Name/ });
  expect(screen.getByRole("button", { name: "Save" })).toHaveProperty("disabled", true);
  await user.clear(name);
  await user.type(name, "Rodney T.");
  await user.click(screen.getByRole("button", { name: "Save" }));
  expect(await screen.findByText("Profile saved")).toBeTruthy();
  expect(world.me.name).toBe("Rodney T.");
  expect(screen.getByRole("button", { name: "Hello, Rodney T." })).toBeTruthy();
});

test("says beside the field what the server does not take", async () => {
  const { user } = openConsole("/settings");
  const email = await screen.findByRole("textbox", { name: "E-mail address" });
  await user.clear(email);
  await user.type(email, "rodney");
  await user.click(screen.getByRole("button", { name: "Save" }));
  const fault = await screen.findByText("This is not an e-mail address.");
  expect(email.getAttribute("aria-describedby")).toContain(fault.id);
  expect(screen.getByRole("button", { name: "Hello, Rodney Trotter" })).toBeTruthy();
});

test("an empty name is not sent", async () => {
  const { user, asked } = openConsole("/settings");
  await user.clear(await screen.findByRole("textbox", { name: /^Name/ }));
  await user.click(screen.getByRole("button", { name: "Save" }));
  expect(screen.getByText("Enter the name that end-users know you by.")).toBeTruthy();
  expect(asked()).not.toContain("PATCH /api/me");
});

test("another language is there at once", async () => {
  const { user, world } = openConsole("/settings");
  await user.click(await screen.findByRole("combobox", { name: "Language" }));
  await user.click(await screen.findByRole("option", { name: "Français" }));
  expect(await screen.findByRole("heading", { name: "Paramètres" })).toBeTruthy();
  expect(world.me.language).toBe("fr");
  expect(document.documentElement.lang).toBe("fr");
});

test("the menu switches the theme by keyboard, and logs out", async () => {
  const { user, world, router } = openConsole("/settings");
  (await screen.findByRole("button", { name: "Hello, Rodney Trotter" })).focus();
  await user.keyboard("{Enter}");
  (await screen.findByRole("menuitem", { name: "Theme" })).focus();
  await user.keyboard("{ArrowRight}");
  (await screen.findByRole("menuitemradio", { name: "Dark" })).focus();
  await user.keyboard("{Enter}");
  await waitFor(() => expect(document.documentElement.dataset.mantineColorScheme).toBe("dark"));
  expect(world.me.theme).toBe("dark");
  await user.click(screen.getByRole("menuitem", { name: "Log out" }));
  await waitFor(() => expect(router.state.location.pathname).toBe("/login"));
  expect(world.loggedIn).toBe(false);
});
