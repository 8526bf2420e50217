import { Button } from "@mantine/core";
import { IconDeviceDesktopPlus } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { useDeferredValue, useMemo, useState } from "react";
import { useTranslation } from "react-i18next";
import { useSearchParams } from "react-router";
import { type Computer, computersQuery, groupsQuery } from "../../api/computers";
import { useMay } from "../../api/me";
import { FaultBanner } from "../../components/banner";
import { SortedGrid } from "../../components/grid/sorted-grid";
import list from "../../components/list.module.css";
import { Page } from "../../components/page";
import { RowsSkeleton } from "../../components/rows-skeleton";
import { SearchField } from "../../components/search-field";
import { AddComputer } from "./add-computer";
import { AskFirst, useArrange } from "./arrange";
import { useColumns } from "./columns";
import { ComputerSelection } from "./computer-selection";
import type { Doing } from "./doing";
import { EditComputer } from "./edit-computer";
import { GroupTree } from "./group-tree";
import { PlaceChoice } from "./place-choice";
import { PlaceDialog } from "./place-dialog";
import { searchComputers } from "./search";
import { computersIn, findPlace, groupNames, placesOf, searchPlaces } from "./tree";

const rowId = (computer: Computer) => computer.id;
const none: never[] = [];
const nobody: ReadonlySet<string> = new Set();

/** Remote Computers: those that can be reached at any time, in their groups. */
export function ComputersPage() {
  const { t } = useTranslation();
  const { data: computers, error, refetch } = useQuery(computersQuery);
  const [search, setSearch] = useState("");
  const [adding, setAdding] = useState(false);
  const [doing, setDoing] = useState<Doing>();
  const [chosen, setChosen] = useState<ReadonlySet<string>>(nobody);
  const [address, setAddress] = useSearchParams();
  const mayAdd = useMay("add-computers");
  const wanted = useDeferredValue(search);
  const { roots, place, found, kept } = usePlaces(computers ?? none, address.get("group") ?? "", wanted);
  const arrange = useArrange(computers ?? none, setDoing, () => setChosen(nobody));
  const choosing = useMemo(() => ({ chosen, onChoose: setChosen }), [chosen]);
  const columns = useColumns(choosing, arrange);
  const some = computers !== undefined && computers.length > 0;
  const selected = (computers ?? none).filter((c) => chosen.has(c.id));
  const close = () => setDoing(undefined);
  const onPlace = (id: string) => setAddress(id ? { group: id } : {}, { replace: true });
  return (
    <Page
      title={t("nav.computers")}
      rail={
        some && (
          <GroupTree
            roots={roots}
            total={computers.length}
            kept={kept}
            place={place?.id ?? ""}
            onPlace={onPlace}
            onDo={arrange}
          />
        )
      }
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
      {some && <PlaceChoice roots={roots} place={place?.id ?? ""} onPlace={onPlace} />}
      {selected.length > 0 && (
        <ComputerSelection selected={selected} onDo={arrange} onClear={() => setChosen(nobody)} />
      )}
      {some && <SortedGrid label={t("nav.computers")} columns={columns} rows={found} rowId={rowId} rowHeight={53} />}
      {some && found.length === 0 && (
        <p className={list.nothing}>{search ? t("computers.nothingFound") : t("groups.empty")}</p>
      )}
      <EditComputer doing={doing} onClose={close} />
      <PlaceDialog doing={doing} roots={roots} onClose={close} onDo={arrange} />
      <AskFirst doing={doing} onClose={close} onDone={() => setChosen(nobody)} />
    </Page>
  );
}

/** The groups, the chosen one, and what a search finds in it. */
function usePlaces(computers: Computer[], id: string, search: string) {
  const { t } = useTranslation();
  const { data: groups } = useQuery(groupsQuery);
  const mayTeam = useMay("see-team-computers");
  const roots = useMemo(
    () =>
      placesOf(groups ?? none, computers, [
        { visibility: "me", name: t("groups.mine") },
        ...(mayTeam ? [{ visibility: "everyone", name: t("groups.team") } as const] : []),
      ]),
    [groups, computers, mayTeam, t],
  );
  const place = findPlace(roots, id);
  const found = useMemo(() => {
    const within = place ? computersIn(place, computers) : computers;
    return searchComputers(within, search, groupNames(roots));
  }, [computers, place, roots, search]);
  const kept = useMemo(
    () =>
      search.trim() ? searchPlaces(roots, search, searchComputers(computers, search, groupNames(roots))) : undefined,
    [computers, roots, search],
  );
  return { roots, place, found, kept };
}
