import { screen } from "@testing-library/react";
import { expect, test } from "vitest";
import type { World } from "../../dev/seed";
import { openConsole } from "../test/console";

const out = {
  change: (world: World) => {
    world.loggedIn = false;
  },
};

test("an invited agent chooses a password", async () => {
  const { user, requests } = openConsole("/invitation#token", out);
  expect(await screen.findByRole("heading", { name: "Welcome to Trotters Independent IT" })).toBeTruthy();
  await user.type(screen.getByLabelText("New password"), "short");
  await user.type(screen.getByLabelText("Repeat the password"), "shorter");
  await user.click(screen.getByRole("button", { name: "Save password" }));
  expect(screen.getByText("The two passwords are different.")).toBeTruthy();
  await user.clear(screen.getByLabelText("Repeat the password"));
  await user.type(screen.getByLabelText("Repeat the password"), "short");
  await user.click(screen.getByRole("button", { name: "Save password" }));
  expect(await screen.findByText(/This password is too simple/)).toBeTruthy();
  for (const label of ["New password", "Repeat the password"]) {
    await user.clear(screen.getByLabelText(label));
    await user.type(screen.getByLabelText(label), "several words in a row");
  }
  await user.click(screen.getByRole("button", { name: "Save password" }));
  expect(await screen.findByRole("heading", { name: "Your password is saved" })).toBeTruthy();
  expect(screen.getByRole("link", { name: "Log in" })).toBeTruthy();
  expect(requests.every((request) => !request.url.includes("token"))).toBe(true);
});

test.each(["/invitation#over", "/invitation"])("%s leads nowhere", async (path) => {
  openConsole(path, out);
  expect(await screen.findByRole("heading", { name: "This invitation leads nowhere any more" })).toBeTruthy();
});
