import { localStorageColorSchemeManager, MantineProvider } from "@mantine/core";
import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { useState } from "react";
import { createBrowserRouter } from "react-router";
import { RouterProvider } from "react-router/dom";
import { Fault } from "./api/fault";
import { meQuery } from "./api/me";
import { Notices } from "./components/notices";
import { routes } from "./routes";
import { useForcedScheme } from "./theme/always-dark";
import { cssVariables, theme } from "./theme/theme";

const colorScheme = localStorageColorSchemeManager({ key: "deskhand.theme" });

/** Queries that stay true by the live connection; a fault that will not go away by itself is not tried again. */
export function createQueries(): QueryClient {
  const queries = new QueryClient({
    defaultOptions: {
      queries: {
        staleTime: 5_000,
        retry: (count, error) =>
          count < 2 && error instanceof Fault && ["unreachable", "unavailable"].includes(error.code),
      },
      mutations: { retry: false },
    },
  });
  // A login that ended shows at the first answer that says so, whichever it is.
  const check = (error: unknown) => {
    if (error instanceof Fault && error.code === "unauthorized") queries.setQueryData(meQuery.queryKey, null);
  };
  queries.getQueryCache().config.onError = check;
  queries.getMutationCache().config.onError = check;
  return queries;
}

export function App() {
  const [queries] = useState(createQueries);
  const [router] = useState(() => createBrowserRouter(routes));
  const scheme = useForcedScheme();
  return (
    <QueryClientProvider client={queries}>
      <MantineProvider
        theme={theme}
        cssVariablesResolver={cssVariables}
        colorSchemeManager={colorScheme}
        defaultColorScheme="auto"
        forceColorScheme={scheme}
      >
        <RouterProvider router={router} />
        <Notices />
      </MantineProvider>
    </QueryClientProvider>
  );
}
