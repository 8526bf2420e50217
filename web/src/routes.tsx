import type { ComponentType } from "react";
import { Navigate, Outlet, type RouteObject } from "react-router";
import { RouteFault } from "./components/route-fault";
import { loadAllTexts } from "./i18n/setup";
import { sections } from "./pages/admin/sections";
import { RequireLogin } from "./require-login";

// Each page is a chunk of its own, fetched when it is first needed; vite/budget.ts says how large it may be.

const viewer = () => import("./pages/viewer/viewer-page");

/** A page that the console begins with. */
const first = (page: () => Promise<ComponentType>) => async () => ({ Component: await page() });

/** Any other page: its texts come with it. */
const lazily = (page: () => Promise<ComponentType>) => async () => {
  const [Component] = await Promise.all([page(), loadAllTexts()]);
  return { Component };
};

export const routes: RouteObject[] = [
  {
    element: <Outlet />,
    errorElement: <RouteFault />,
    HydrateFallback: () => null,
    children: [
      { path: "/invitation", lazy: lazily(async () => (await import("./pages/invitation")).InvitationPage) },
      { path: "/forgot", lazy: lazily(async () => (await import("./pages/reset")).ForgotPage) },
      { path: "/reset", lazy: lazily(async () => (await import("./pages/reset")).ResetPage) },
      { path: "/login/oidc", lazy: lazily(async () => (await import("./pages/sign-on")).BeginSignOn) },
      { path: "/login/oidc/callback", lazy: lazily(async () => (await import("./pages/sign-on")).FinishSignOn) },
      { path: "/login", lazy: first(async () => (await import("./pages/login")).LoginPage) },
      {
        element: <RequireLogin />,
        children: [
          { index: true, element: <Navigate to="/sessions" replace /> },
          {
            lazy: first(async () => (await import("./components/shell/shell")).Shell),
            children: [
              { path: "/sessions", lazy: first(async () => (await import("./pages/sessions/sessions")).SessionsPage) },
              {
                path: "/computers/:id?",
                lazy: lazily(async () => (await import("./pages/computers/computers")).ComputersPage),
              },
              { path: "/logs/:id?", lazy: lazily(async () => (await import("./pages/logs/logs")).LogsPage) },
              { path: "/settings", lazy: lazily(async () => (await import("./pages/settings/profile")).ProfilePage) },
              {
                path: "/settings/password",
                lazy: lazily(async () => (await import("./pages/settings/password")).PasswordPage),
              },
              {
                path: "/settings/security",
                lazy: lazily(async () => (await import("./pages/settings/security")).SecurityPage),
              },
              {
                path: "/settings/logins",
                lazy: lazily(async () => (await import("./pages/settings/logins")).LoginsPage),
              },
              {
                path: "/settings/tokens",
                lazy: lazily(async () => (await import("./pages/settings/tokens")).TokensPage),
              },
              {
                path: "/admin",
                lazy: lazily(async () => (await import("./pages/admin/admin")).Administration),
                children: sections.map(({ path, page }) => ({ path, lazy: lazily(page) })),
              },
              { path: "*", lazy: lazily(async () => (await import("./pages/not-found")).NotFoundPage) },
            ],
          },
          { path: "/sessions/:id/viewer", lazy: lazily(async () => (await viewer()).SessionViewerPage) },
          {
            path: "/computers/:id/prompt",
            lazy: lazily(async () => (await import("./pages/prompt/prompt-page")).ComputerPromptPage),
          },
          { path: "/computers/:id/viewer", lazy: lazily(async () => (await viewer()).ComputerViewerPage) },
        ],
      },
    ],
  },
];
