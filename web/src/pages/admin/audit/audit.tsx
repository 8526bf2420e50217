import { Button } from "@mantine/core";
import { useMediaQuery } from "@mantine/hooks";
import { IconDownload, IconListSearch, IconShieldCheck } from "@tabler/icons-react";
import { useInfiniteQuery } from "@tanstack/react-query";
import { useCallback, useMemo, useState } from "react";
import { useTranslation } from "react-i18next";
import { type AuditEvent, type AuditFilter, auditQuery, useVerifyAudit } from "../../../api/audit";
import { FaultBanner } from "../../../components/banner";
import { EmptyState } from "../../../components/empty-state";
import { Grid } from "../../../components/grid/grid";
import { RowsSkeleton } from "../../../components/rows-skeleton";
import { AdminPage } from "../admin-page";
import classes from "./audit.module.css";
import { useAuditColumns } from "./columns";
import { Filters } from "./filters";
import { Report } from "./report";

const rowId = (event: AuditEvent) => String(event.sequence);

/** The audit log: what was done, by whom, from where; proof that nobody has changed it; and all of it as a file. */
export function AuditPage() {
  const { t } = useTranslation();
  const [filter, setFilter] = useState<AuditFilter>({});
  const { data, error, refetch, fetchNextPage, hasNextPage, isFetchingNextPage, isFetchNextPageError } =
    useInfiniteQuery(auditQuery(filter));
  const verify = useVerifyAudit();
  const rows = useMemo(() => data?.pages.flatMap((page) => page.items), [data]);
  const more = useCallback(() => {
    if (hasNextPage && !isFetchingNextPage && !isFetchNextPageError) void fetchNextPage();
  }, [hasNextPage, isFetchingNextPage, isFetchNextPageError, fetchNextPage]);
  const columns = useAuditColumns();
  const narrow = useMediaQuery("(max-width: 720px)", undefined, { getInitialValueInEffect: false });
  const icon = { size: 16, stroke: 1.75, "aria-hidden": true } as const;
  return (
    <AdminPage
      title="audit.title"
      tools={
        <>
          <span className={classes.space} />
          <Button component="a" href="/api/audit/export" download leftSection={<IconDownload {...icon} />}>
            {t("audit.export")}
          </Button>
          <Button
            variant="filled"
            leftSection={<IconShieldCheck {...icon} />}
            loading={verify.isPending}
            onClick={() => verify.mutate("")}
          >
            {t("audit.verify")}
          </Button>
        </>
      }
    >
      <div className={classes.above}>
        {verify.error && <FaultBanner error={verify.error} />}
        {verify.data && <Report report={verify.data} />}
        <Filters filter={filter} onChange={setFilter} />
        {error && <FaultBanner error={error} retry={isFetchNextPageError ? fetchNextPage : refetch} />}
      </div>
      {!rows && !error && <RowsSkeleton rows={12} height={37} />}
      {rows?.length === 0 && (
        <EmptyState icon={IconListSearch} title={t("audit.emptyTitle")}>
          <p>{t("audit.emptyText")}</p>
        </EmptyState>
      )}
      {rows && rows.length > 0 && (
        <Grid
          key={JSON.stringify(filter)}
          label={t("audit.title")}
          columns={columns}
          rows={rows}
          rowId={rowId}
          rowHeight={narrow ? 120 : 37}
          wide={!narrow}
          total={hasNextPage ? -1 : rows.length + 1}
          onEnd={more}
        />
      )}
      {isFetchingNextPage && <RowsSkeleton rows={3} height={37} />}
    </AdminPage>
  );
}
