import { Button } from "@mantine/core";
import { IconDeviceDesktopPlus } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { useDeferredValue, useMemo, useState } from "react";
import { useTranslation } from "react-i18next";
import { type Computer, computersQuery, searchComputers } from "../api/computers";
import { useMay } from "../api/me";
import { FaultBanner } from "../components/banner";
import type { Column } from "../components/grid/grid";
import { SortedGrid } from "../components/grid/sorted-grid";
import list from "../components/list.module.css";
import { Page } from "../components/page";
import { RelativeTime } from "../components/relative-time";
import { RowsSkeleton } from "../components/rows-skeleton";
import { SearchField } from "../components/search-field";
import { ComputerStatusBadge } from "../components/state";
import { useOpenViewer } from "../components/use-open-viewer";
import { AddComputer } from "./add-computer";
import classes from "./computers.module.css";

const rowId = (computer: Computer) => computer.id;

/** Remote Computers: those that can be reached at any time. */
export function ComputersPage() {
  const { t } = useTranslation();
  const { data: computers, error, refetch } = useQuery(computersQuery);
  const [search, setSearch] = useState("");
  const [adding, setAdding] = useState(false);
  const mayAdd = useMay("add-computers");
  const wanted = useDeferredValue(search);
  const found = useMemo(() => searchComputers(computers ?? [], wanted), [computers, wanted]);
  const columns = useColumns();
  const some = computers !== undefined && computers.length > 0;
  return (
    <Page
      title={t("nav.computers")}
      tools={
        some && (
          <>
            <span className={list.count}>{found.length}</span>
            <span className={list.space} />
            <SearchField label={t("computers.search")} value={search} onChange={setSearch} />
            {mayAdd && (
              <Button
                aria-expanded={adding}
                aria-label={t("computers.add")}
                leftSection={<IconDeviceDesktopPlus size={16} stroke={1.75} aria-hidden />}
                onClick={() => setAdding(!adding)}
                className={list.add}
              >
                <span className={list.addWord}>{t("computers.add")}</span>
              </Button>
            )}
          </>
        )
      }
    >
      {error && !computers && (
        <div className={list.pad}>
          <FaultBanner error={error} retry={refetch} />
        </div>
      )}
      {!computers && !error && <RowsSkeleton rows={6} height={53} />}
      {mayAdd && (adding || computers?.length === 0) && <AddComputer first={!some} />}
      {!mayAdd && computers?.length === 0 && <p className={list.nothing}>{t("people.noComputers")}</p>}
      {some && <SortedGrid label={t("nav.computers")} columns={columns} rows={found} rowId={rowId} rowHeight={53} />}
      {some && found.length === 0 && <p className={list.nothing}>{t("computers.nothingFound")}</p>}
    </Page>
  );
}

function useColumns(): Column<Computer>[] {
  const { t } = useTranslation();
  return useMemo<Column<Computer>[]>(
    () => [
      {
        id: "name",
        header: t("column.name"),
        track: "minmax(140px, 1.6fr)",
        slot: "lead",
        value: (c) => c.name,
        cell: (c) => (
          <span className={classes.name} id={`computer-${c.id}`}>
            {c.name}
          </span>
        ),
      },
      {
        id: "status",
        header: t("column.status"),
        track: "128px",
        slot: "side",
        value: (c) => ["online", "in-use", "offline"].indexOf(c.status),
        cell: (c) => <ComputerStatusBadge status={c.status} />,
      },
      {
        id: "user",
        header: t("column.user"),
        track: "minmax(90px, 1fr)",
        slot: "line",
        named: true,
        value: (c) => c.userName,
        cell: (c) => c.userName,
      },
      {
        id: "system",
        header: t("column.system"),
        track: "minmax(110px, 1.2fr)",
        slot: "line",
        value: (c) => c.system,
        cell: (c) => c.system,
      },
      {
        id: "address",
        header: t("column.address"),
        track: "minmax(112px, 0.9fr)",
        from: 1000,
        slot: "none",
        value: (c) => c.address,
        cell: (c) => c.address,
      },
      {
        id: "owner",
        header: t("column.owner"),
        track: "minmax(90px, 1fr)",
        slot: "line",
        named: true,
        value: (c) => c.owner.name,
        cell: (c) => c.owner.name,
      },
      {
        id: "seen",
        header: t("column.lastSeen"),
        track: "100px",
        slot: "line",
        named: true,
        end: true,
        value: (c) => -Date.parse(c.lastSeenAt),
        cell: (c) => (c.status === "offline" ? <RelativeTime time={c.lastSeenAt} /> : t("computers.now")),
      },
      {
        id: "act",
        header: t("column.actions"),
        headerHidden: true,
        track: "104px",
        slot: "act",
        end: true,
        cell: (c) => (c.status === "offline" ? null : <Connect computer={c} />),
      },
    ],
    [t],
  );
}

function Connect({ computer }: { computer: Computer }) {
  const { t } = useTranslation();
  const open = useOpenViewer(`/computers/${computer.id}/viewer`);
  const mayView = useMay("view");
  if (!mayView) return null;
  return (
    <Button aria-describedby={`computer-${computer.id}`} {...open}>
      {t("sessions.connect")}
    </Button>
  );
}
