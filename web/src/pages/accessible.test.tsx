import { screen } from "@testing-library/react";
import axe from "axe-core";
import { expect, test } from "vitest";
import { openConsole } from "../test/console";

// What axe sees without layout: names, roles, landmarks, labels. Colours are checked in a real browser (e2e).

const full = { sessions: 3, computers: 3, logs: 3 };
const none = { sessions: 0, computers: 0, logs: 0 };

test.each([
  ["/sessions", full, "Available connections"],
  ["/sessions", none, "Send your link"],
  ["/computers", full, "RECEPTION-01"],
  ["/computers", none, "Your computers will be here"],
  ["/logs", full, "A. Martin"],
  ["/logs", none, "Ended sessions will be here"],
  ["/admin/agents", none, "Jo Lindqvist"],
  ["/admin/roles", none, "Observers"],
  ["/admin/policies", none, "Retention"],
  ["/settings", none, "Language and theme"],
  ["/settings/password", none, "Current password"],
  ["/settings/security", none, "Recovery codes"],
  ["/settings/logins", none, "This one"],
  ["/settings/tokens", none, "Help desk export"],
  ["/nothing-here", none, "There is nothing at this address."],
])("%s with %j", async (path, size, text) => {
  const { container } = openConsole(path, { size });
  await screen.findByText(text);
  expect(await violations(container)).toEqual([]);
});

test("the login page", async () => {
  const { container } = openConsole("/login", {
    change: (world) => {
      world.loggedIn = false;
    },
  });
  await screen.findByLabelText("User name");
  expect(await violations(container)).toEqual([]);
});

async function violations(container: Element): Promise<string[]> {
  const result = await axe.run(container, {
    rules: { "color-contrast": { enabled: false } },
    resultTypes: ["violations"],
  });
  return result.violations.map((v) => `${v.id}: ${v.nodes.map((node) => node.html).join(" | ")}`);
}
