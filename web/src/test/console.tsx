import { MantineProvider } from "@mantine/core";
import { QueryClientProvider } from "@tanstack/react-query";
import { render } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { createMemoryRouter, RouterProvider } from "react-router";
import { mockApi } from "../../dev/api";
import { makeWorld, type Size, type World } from "../../dev/seed";
import { createQueries } from "../app";
import { Notices } from "../components/notices";
import { routes } from "../routes";
import { cssVariables, theme } from "../theme/theme";
import { FakeSocket } from "./fake-socket";
import { server } from "./setup";

const nobody: Size = { sessions: 0, computers: 0, logs: 0 };

/** Opens the console at a path, over a made-up world that the test may change. */
export function openConsole(path: string, options: { size?: Partial<Size>; change?: (world: World) => void } = {}) {
  const world = makeWorld({ ...nobody, ...options.size }, Date.now());
  options.change?.(world);
  const requests: Request[] = [];
  const mock = mockApi(world, (topics) => FakeSocket.all.at(-1)?.say({ type: "changed", topics }));
  server.fetch = (request) => {
    requests.push(request.clone() as Request);
    return mock.fetch(request);
  };
  const router = createMemoryRouter(routes, { initialEntries: [path] });
  const queries = createQueries();
  queries.setDefaultOptions({ queries: { ...queries.getDefaultOptions().queries, retry: false } });
  const view = render(
    <QueryClientProvider client={queries}>
      <MantineProvider theme={theme} cssVariablesResolver={cssVariables} env="test">
        <RouterProvider router={router} />
        <Notices />
      </MantineProvider>
    </QueryClientProvider>,
  );
  /** Everything the console asked for, as "METHOD /path". */
  const asked = () => requests.map((r) => `${r.method} ${new URL(r.url).pathname}${new URL(r.url).search}`);
  return { ...view, world, mock, router, queries, requests, asked, user: userEvent.setup() };
}
