import { useQuery } from "@tanstack/react-query";
import { brandingQuery } from "../../../api/branding";
import { FaultBanner } from "../../../components/banner";
import { RowsSkeleton } from "../../../components/rows-skeleton";
import { AdminPage } from "../admin-page";
import classes from "./branding.module.css";
import { BrandingForm } from "./branding-form";

/** Branding: company, logo, colour and the words of the consent, with a look at the result. */
export function BrandingPage() {
  const { data, error, refetch } = useQuery(brandingQuery);
  return (
    <AdminPage title="branding.title">
      <div className={classes.page}>
        {error && <FaultBanner error={error} retry={refetch} />}
        {!data && !error && <RowsSkeleton rows={4} height={72} />}
        {data && <BrandingForm branding={data} />}
      </div>
    </AdminPage>
  );
}
