import { Navigate, Outlet, useLocation } from "react-router";
import { useMe } from "../../api/me";
import { NotFoundPage } from "../not-found";
import { sectionsOf } from "./sections";

/** What is below /admin, for those who may see it. /admin itself leads to the first section. */
export function Administration() {
  const mine = sectionsOf(useMe());
  const { pathname } = useLocation();
  const wanted = pathname.split("/")[2];
  if (!wanted && mine[0]) return <Navigate to={`/admin/${mine[0].path}`} replace />;
  return mine.some((section) => section.path === wanted) ? <Outlet /> : <NotFoundPage />;
}
