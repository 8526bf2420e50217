import { screen, waitFor } from "@testing-library/react";
import type { RouteObject } from "react-router";
import { expect, test } from "vitest";
import { problem } from "../../dev/api";
import { meQuery } from "../api/me";
import { routes } from "../routes";
import { openConsole } from "../test/console";
import { server } from "../test/setup";

// Every page that asks the server for something says so when it cannot have it, and gets it at the next try.

/** The addresses of a table of routes that have no variable in them. */
function addresses(table: readonly RouteObject[], above = ""): string[] {
  return table.flatMap((route) => {
    const path = route.path?.startsWith("/") ? route.path : [above, route.path].filter(Boolean).join("/");
    const below = addresses(route.children ?? [], path);
    return route.path && !route.children ? [path.replace(/\/:\w+\?$/, ""), ...below] : below;
  });
}

/** Pages that ask for nothing but who is logged in, or only for what stands behind a # (see the last test). */
const still = ["/login", "/forgot", "/invitation", "/reset", "/settings", "/settings/password"];
const pages = addresses(routes).filter((path) => !/[:*]/.test(path) && !still.includes(path));

/** What a page asks for fails until the returned function is called. */
function breakServer(broken: (request: Request) => boolean): () => void {
  const whole = server.fetch;
  server.fetch = async (request) =>
    broken(request) ? problem(500, "internal", "Something broke.", { instance: "k3x9" }) : whole(request);
  return () => {
    server.fetch = whole;
  };
}

async function tryAgain(openedBy: () => ReturnType<typeof openConsole>, broken: (request: Request) => boolean) {
  const { user } = openedBy();
  const mend = breakServer(broken);
  const [retry] = await screen.findAllByRole("button", { name: "Try again" });
  expect(screen.getAllByRole("alert")[0]!.textContent).toContain("k3x9");
  mend();
  await user.click(retry!);
  await waitFor(() => expect(screen.queryByRole("button", { name: "Try again" })).toBeNull());
  expect(screen.queryByRole("alert")).toBeNull();
}

test("the list of pages is whole", () => {
  expect(pages).toEqual(
    expect.arrayContaining(["/sessions", "/computers", "/logs", "/settings/tokens", "/admin/audit"]),
  );
});

test.each(pages)("%s", async (path) => {
  await tryAgain(
    () => openConsole(path, { size: { sessions: 2, computers: 2, logs: 2 } }),
    (request) => request.method === "GET" && !/\/api\/(me|welcome)$/.test(request.url),
  );
});

test.each([
  ["/invitation#good", "/api/invitation"],
  ["/reset#good", "/api/password/reset/check"],
])("%s", async (path, asked) => {
  await tryAgain(
    () => openConsole(path),
    (request) => new URL(request.url).pathname.startsWith(asked),
  );
});

test("who is logged in", async () => {
  const { user, queries } = openConsole("/nothing-here");
  await screen.findByText("There is nothing at this address.");
  const mend = breakServer((request) => request.url.endsWith("/api/me"));
  void queries.resetQueries(meQuery);
  const retry = await screen.findByRole("button", { name: "Try again" });
  mend();
  await user.click(retry);
  expect(await screen.findByText("There is nothing at this address.")).toBeTruthy();
});
