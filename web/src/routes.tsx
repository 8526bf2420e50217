import { Navigate, Outlet, type RouteObject } from "react-router";
import { RouteFault } from "./components/route-fault";
import { sections } from "./pages/admin/sections";
import { RequireLogin } from "./require-login";

// Three chunks beside the frame: the console's pages, Administration and the viewer. Each is fetched when it is first needed, so that a viewer
// that opens in a tab of its own loads no tables.

const pages = () => import("./pages/console");
const viewer = () => import("./pages/viewer/viewer-page");

export const routes: RouteObject[] = [
  {
    element: <Outlet />,
    errorElement: <RouteFault />,
    HydrateFallback: () => null,
    children: [
      { path: "/login", lazy: async () => ({ Component: (await import("./pages/login")).LoginPage }) },
      {
        element: <RequireLogin />,
        children: [
          { index: true, element: <Navigate to="/sessions" replace /> },
          {
            lazy: async () => ({ Component: (await pages()).Shell }),
            children: [
              { path: "/sessions", lazy: async () => ({ Component: (await pages()).SessionsPage }) },
              { path: "/computers", lazy: async () => ({ Component: (await pages()).ComputersPage }) },
              { path: "/logs", lazy: async () => ({ Component: (await pages()).LogsPage }) },
              { path: "/settings", lazy: async () => ({ Component: (await pages()).SettingsPage }) },
              {
                path: "/admin",
                lazy: async () => ({ Component: (await pages()).Administration }),
                children: sections.map(({ path, page }) => ({ path, lazy: async () => ({ Component: await page() }) })),
              },
              { path: "*", lazy: async () => ({ Component: (await pages()).NotFoundPage }) },
            ],
          },
          { path: "/sessions/:id/viewer", lazy: async () => ({ Component: (await viewer()).SessionViewerPage }) },
          { path: "/computers/:id/viewer", lazy: async () => ({ Component: (await viewer()).ComputerViewerPage }) },
        ],
      },
    ],
  },
];
