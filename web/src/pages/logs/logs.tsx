import { SegmentedControl } from "@mantine/core";
import { useMediaQuery } from "@mantine/hooks";
import { IconListDetails } from "@tabler/icons-react";
import { useInfiniteQuery } from "@tanstack/react-query";
import { useCallback, useMemo } from "react";
import { useTranslation } from "react-i18next";
import { type LogRow, logsQuery } from "../../api/logs";
import { useMe } from "../../api/me";
import { FaultBanner } from "../../components/banner";
import { EmptyState } from "../../components/empty-state";
import { Grid } from "../../components/grid/grid";
import { Page } from "../../components/page";
import { RowsSkeleton } from "../../components/rows-skeleton";
import { usePreference, useSwitch } from "../../components/use-preference";
import { useLogColumns } from "./columns";
import { ColumnsMenu } from "./columns-menu";
import classes from "./logs.module.css";

const rowId = (row: LogRow) => row.id;

/** Session Logs: every session that has ended, the newest first. More are fetched as one scrolls. */
export function LogsPage() {
  const { t } = useTranslation();
  const me = useMe();
  const administrator = me.role === "administrator";
  const [all, setAll] = useSwitch("all-logs", true);
  const everyone = administrator && all;
  const { data, error, fetchNextPage, hasNextPage, isFetchingNextPage, isFetchNextPageError } = useInfiniteQuery(
    logsQuery(everyone),
  );
  const rows = useMemo(() => data?.pages.flatMap((page) => page.items), [data]);
  const more = useCallback(() => {
    if (hasNextPage && !isFetchingNextPage && !isFetchNextPageError) void fetchNextPage();
  }, [hasNextPage, isFetchingNextPage, isFetchNextPageError, fetchNextPage]);
  const columns = useLogColumns();
  const [hiddenList, setHiddenList] = usePreference("log-columns-hidden", "");
  const hidden = useMemo(() => hiddenList.split(",").filter(Boolean), [hiddenList]);
  const narrow = useMediaQuery("(max-width: 720px)", undefined, { getInitialValueInEffect: false });
  return (
    <Page
      title={t("nav.logs")}
      reading
      tools={
        <>
          <span className={classes.space} />
          {administrator && (
            <SegmentedControl
              aria-label={t("logs.whose")}
              size="sm"
              value={everyone ? "all" : "mine"}
              onChange={(value) => setAll(value === "all")}
              data={[
                { value: "mine", label: t("logs.mine") },
                { value: "all", label: t("logs.everyone") },
              ]}
            />
          )}
          {rows && rows.length > 0 && !narrow && (
            <ColumnsMenu columns={columns} hidden={hidden} onChange={(ids) => setHiddenList(ids.join(","))} />
          )}
        </>
      }
    >
      {error && (
        <div className={classes.pad}>
          <FaultBanner error={error} />
        </div>
      )}
      {!rows && !error && <RowsSkeleton rows={12} height={37} />}
      {rows?.length === 0 && (
        <EmptyState icon={IconListDetails} title={t("logs.emptyTitle")}>
          <p>{t("logs.emptyText")}</p>
        </EmptyState>
      )}
      {rows && rows.length > 0 && (
        <Grid
          key={String(everyone)}
          label={t("nav.logs")}
          columns={columns}
          hidden={narrow ? [] : hidden}
          rows={rows}
          rowId={rowId}
          rowHeight={narrow ? 132 : 37}
          wide={!narrow}
          total={hasNextPage ? -1 : rows.length + 1}
          onEnd={more}
        />
      )}
      {isFetchingNextPage && <RowsSkeleton rows={3} height={37} />}
    </Page>
  );
}
