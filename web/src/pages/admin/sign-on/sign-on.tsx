import { useQuery } from "@tanstack/react-query";
import { signOnQuery } from "../../../api/sign-on";
import { FaultBanner } from "../../../components/banner";
import { RowsSkeleton } from "../../../components/rows-skeleton";
import { AdminPage } from "../admin-page";
import classes from "../policies/policies.module.css";
import { SignOnForm } from "./sign-on-form";

/** Administration, Sign-on: how agents log in by another service. */
export function SignOnAdminPage() {
  const { data, error, refetch } = useQuery(signOnQuery);
  return (
    <AdminPage title="signOn.title">
      {error && !data && (
        <div className={classes.page}>
          <FaultBanner error={error} retry={refetch} />
        </div>
      )}
      {!data && !error && <RowsSkeleton rows={5} height={72} />}
      {data && <SignOnForm settings={data} />}
    </AdminPage>
  );
}
