import { Navigate, Outlet, type RouteObject } from "react-router";
import { RouteFault } from "./components/route-fault";
import { sections } from "./pages/admin/sections";
import { RequireLogin } from "./require-login";

// Each page is a chunk of its own, fetched when it is first needed; vite/budget.ts says how large it may be.

const viewer = () => import("./pages/viewer/viewer-page");

export const routes: RouteObject[] = [
  {
    element: <Outlet />,
    errorElement: <RouteFault />,
    HydrateFallback: () => null,
    children: [
      {
        path: "/invitation",
        lazy: async () => ({ Component: (await import("./pages/invitation")).InvitationPage }),
      },
      { path: "/forgot", lazy: async () => ({ Component: (await import("./pages/reset")).ForgotPage }) },
      { path: "/reset", lazy: async () => ({ Component: (await import("./pages/reset")).ResetPage }) },
      { path: "/login", lazy: async () => ({ Component: (await import("./pages/login")).LoginPage }) },
      {
        element: <RequireLogin />,
        children: [
          { index: true, element: <Navigate to="/sessions" replace /> },
          {
            lazy: async () => ({ Component: (await import("./components/shell/shell")).Shell }),
            children: [
              {
                path: "/sessions",
                lazy: async () => ({ Component: (await import("./pages/sessions/sessions")).SessionsPage }),
              },
              {
                path: "/computers",
                lazy: async () => ({ Component: (await import("./pages/computers")).ComputersPage }),
              },
              { path: "/logs/:id?", lazy: async () => ({ Component: (await import("./pages/logs/logs")).LogsPage }) },
              {
                path: "/settings",
                lazy: async () => ({ Component: (await import("./pages/settings/profile")).ProfilePage }),
              },
              {
                path: "/settings/password",
                lazy: async () => ({ Component: (await import("./pages/settings/password")).PasswordPage }),
              },
              {
                path: "/settings/security",
                lazy: async () => ({ Component: (await import("./pages/settings/security")).SecurityPage }),
              },
              {
                path: "/settings/logins",
                lazy: async () => ({ Component: (await import("./pages/settings/logins")).LoginsPage }),
              },
              {
                path: "/settings/tokens",
                lazy: async () => ({ Component: (await import("./pages/settings/tokens")).TokensPage }),
              },
              {
                path: "/admin",
                lazy: async () => ({ Component: (await import("./pages/admin/admin")).Administration }),
                children: sections.map(({ path, page }) => ({ path, lazy: async () => ({ Component: await page() }) })),
              },
              { path: "*", lazy: async () => ({ Component: (await import("./pages/not-found")).NotFoundPage }) },
            ],
          },
          { path: "/sessions/:id/viewer", lazy: async () => ({ Component: (await viewer()).SessionViewerPage }) },
          { path: "/computers/:id/viewer", lazy: async () => ({ Component: (await viewer()).ComputerViewerPage }) },
        ],
      },
    ],
  },
];
