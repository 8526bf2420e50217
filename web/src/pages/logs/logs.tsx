import { Button, SegmentedControl } from "@mantine/core";
import { useMediaQuery } from "@mantine/hooks";
import { IconDownload, IconFilterOff, IconListDetails } from "@tabler/icons-react";
import { useInfiniteQuery, useQuery } from "@tanstack/react-query";
import { useCallback, useEffect, useMemo } from "react";
import { useTranslation } from "react-i18next";
import { useLocation, useNavigate, useParams } from "react-router";
import { exportUrl, type LogQuery, type LogRow, type LogSort, logsQuery, logTotalQuery } from "../../api/logs";
import { useMe } from "../../api/me";
import { FaultBanner } from "../../components/banner";
import { EmptyState } from "../../components/empty-state";
import { Grid } from "../../components/grid/grid";
import { Page, usePageScroller } from "../../components/page";
import { RowsSkeleton } from "../../components/rows-skeleton";
import { usePreference } from "../../components/use-preference";
import { timeZone, useFormat } from "../../i18n/format";
import { Chips } from "./chips";
import { linkId, useLogColumns } from "./columns";
import { ColumnsMenu } from "./columns-menu";
import { Details } from "./details";
import { filtered, noFilter, queryOf, useFilter } from "./filter";
import { FilterBar } from "./filter-bar";
import classes from "./logs.module.css";

const rowId = (row: LogRow) => row.id;

/** What a column is first sorted by, when it is chosen: times and spans from the last and longest, texts from A. */
const fromLast: readonly LogSort[] = ["start", "end", "duration"];

/** Session Logs: every session that has ended. More are fetched as one scrolls; one of them may be open beside the list. */
export function LogsPage() {
  const { t } = useTranslation();
  const me = useMe();
  const everyone = me.permissions.includes("see-all-logs");
  const [filter, change] = useFilter();
  const day = new Date().toDateString();
  const query = useMemo(() => queryOf(filter, everyone, new Date(day)), [filter, everyone, day]);
  const narrow = useMediaQuery("(max-width: 720px)", undefined, { getInitialValueInEffect: false });
  const { open, show, close } = useOpen();
  const columns = useLogColumns();
  const [hiddenList, setHiddenList] = usePreference("log-columns-hidden", "");
  const hidden = useMemo(() => hiddenList.split(",").filter(Boolean), [hiddenList]);
  const details = open !== undefined && <Details id={open} onClose={close} />;
  if (narrow && details) return <Page title={t("nav.logs")}>{details}</Page>;
  return (
    <Page
      title={t("nav.logs")}
      reading
      tools={
        <>
          <Total query={query} />
          <span className={classes.space} />
          {everyone && (
            <SegmentedControl
              aria-label={t("logs.whose")}
              size="sm"
              value={filter.mine ? "mine" : "all"}
              onChange={(value) => change({ mine: value === "mine", agent: "" })}
              data={[
                { value: "mine", label: t("logs.mine") },
                { value: "all", label: t("logs.everyone") },
              ]}
            />
          )}
          {!narrow && (
            <ColumnsMenu columns={columns} hidden={hidden} onChange={(ids) => setHiddenList(ids.join(","))} />
          )}
          <Export query={query} />
        </>
      }
      below={
        <>
          <FilterBar filter={filter} change={change} everyone={everyone} />
          <Chips filter={filter} change={change} everyone={everyone} />
        </>
      }
      aside={details}
    >
      <Rows
        query={query}
        narrow={narrow}
        hidden={hidden}
        open={open}
        onOpen={show}
        sort={{
          by: filter.sort,
          descending: filter.descending,
          onSort: (by) => {
            const sort = by as LogSort;
            change({ sort, descending: sort === filter.sort ? !filter.descending : fromLast.includes(sort) });
          },
        }}
        nothing={
          filtered(filter) ? (
            <EmptyState icon={IconFilterOff} title={t("logs.nothingTitle")}>
              <p>{t("logs.nothingText")}</p>
              <Button
                onClick={() =>
                  change({ ...noFilter, mine: filter.mine, sort: filter.sort, descending: filter.descending })
                }
              >
                {t("logs.clearAll")}
              </Button>
            </EmptyState>
          ) : (
            <EmptyState icon={IconListDetails} title={t("logs.emptyTitle")}>
              <p>{t("logs.emptyText")}</p>
            </EmptyState>
          )
        }
      />
    </Page>
  );
}

/** The session that is open, by its own address; its filter stays in the address, too. */
function useOpen() {
  const { id } = useParams();
  const { search } = useLocation();
  const navigate = useNavigate();
  const show = useCallback((row: LogRow) => navigate({ pathname: `/logs/${row.id}`, search }), [navigate, search]);
  const close = useCallback(() => {
    navigate({ pathname: "/logs", search });
    if (id) requestAnimationFrame(() => document.getElementById(linkId(id))?.focus());
  }, [navigate, search, id]);
  return { open: id, show, close };
}

function Rows(props: {
  query: LogQuery;
  narrow: boolean;
  hidden: readonly string[];
  open: string | undefined;
  onOpen: (row: LogRow) => void;
  sort: { by: string; descending: boolean; onSort: (by: string) => void };
  nothing: React.ReactNode;
}) {
  const { query, narrow } = props;
  const { t } = useTranslation();
  const columns = useLogColumns();
  const {
    data,
    error,
    refetch,
    fetchNextPage,
    hasNextPage,
    isFetchingNextPage,
    isFetchNextPageError,
    isPlaceholderData,
  } = useInfiniteQuery(logsQuery(query));
  const rows = useMemo(() => data?.pages.flatMap((page) => page.items), [data]);
  const more = useCallback(() => {
    if (hasNextPage && !isFetchingNextPage && !isFetchNextPageError && !isPlaceholderData) void fetchNextPage();
  }, [hasNextPage, isFetchingNextPage, isFetchNextPageError, isPlaceholderData, fetchNextPage]);
  return (
    <>
      <ToTop when={JSON.stringify(query)} />
      {error && (
        <div className={classes.pad}>
          <FaultBanner error={error} retry={isFetchNextPageError ? fetchNextPage : refetch} />
        </div>
      )}
      {!rows && !error && <RowsSkeleton rows={12} height={37} />}
      {rows?.length === 0 && !error && props.nothing}
      {rows && rows.length > 0 && (
        <div className={classes.rows} data-old={isPlaceholderData || undefined} aria-busy={isPlaceholderData}>
          <Grid
            key={JSON.stringify(data?.pageParams.length === 1 ? query : props.sort.by)}
            label={t("nav.logs")}
            columns={columns}
            hidden={narrow ? [] : props.hidden}
            rows={rows}
            rowId={rowId}
            rowHeight={narrow ? 132 : 37}
            wide={!narrow}
            total={hasNextPage ? -1 : rows.length + 1}
            onEnd={more}
            sort={props.sort}
            onOpen={props.onOpen}
            open={props.open}
          />
        </div>
      )}
      {isFetchingNextPage && <RowsSkeleton rows={3} height={37} />}
    </>
  );
}

/** Another question begins at its first row. */
function ToTop({ when }: { when: string }) {
  const scroller = usePageScroller();
  // biome-ignore lint/correctness/useExhaustiveDependencies: it is what changes
  useEffect(() => {
    if (scroller.current) scroller.current.scrollTop = 0;
  }, [when, scroller]);
  return null;
}

function Total({ query }: { query: LogQuery }) {
  const { t } = useTranslation();
  const format = useFormat();
  const { data } = useQuery(logTotalQuery(query));
  const number = data ? format.number(data.total) : "";
  return (
    <span className={classes.total} role="status">
      {data && t(data.more ? "logs.moreThan" : "logs.total", { count: data.total, number })}
    </span>
  );
}

function Export({ query }: { query: LogQuery }) {
  const { t } = useTranslation();
  return (
    <Button
      component="a"
      role="button"
      href={exportUrl(query, timeZone())}
      download
      aria-label={t("logs.export")}
      leftSection={<IconDownload size={16} stroke={1.75} aria-hidden />}
      className={classes.export}
    >
      <span className={classes.exportWord}>{t("logs.export")}</span>
    </Button>
  );
}
