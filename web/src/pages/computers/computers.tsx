import { Button } from "@mantine/core";
import { useMediaQuery } from "@mantine/hooks";
import { IconDeviceDesktopPlus } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { useCallback, useMemo, useState } from "react";
import { useTranslation } from "react-i18next";
import { useLocation, useNavigate, useParams, useSearchParams } from "react-router";
import { type Computer, computersQuery, groupsQuery, isOthers } from "../../api/computers";
import { useMay, useMe } from "../../api/me";
import { FaultBanner } from "../../components/banner";
import list from "../../components/list.module.css";
import { Page } from "../../components/page";
import { RowsSkeleton } from "../../components/rows-skeleton";
import { AddComputer } from "./add-computer";
import { useArrange } from "./arrange";
import { ComputerDialogs } from "./computer-dialogs";
import { ComputerRows } from "./computer-rows";
import { ComputerSearch } from "./computer-search";
import { ComputerSelection } from "./computer-selection";
import { Details } from "./details";
import type { Doing } from "./doing";
import { GroupTree } from "./group-tree";
import { PlaceChoice } from "./place-choice";
import { searchComputers } from "./search";
import { computersIn, findPlace, groupNames, OTHERS, type Place, pathOf, placesOf, searchPlaces } from "./tree";
import { useStable } from "./use-stable";
import { useStanding } from "./use-standing";
import { wakeableOf } from "./wakeable";

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
  const { roots, place, found, kept } = usePlaces(computers ?? none, address.get("group") ?? "", search);
  const details = useDetails();
  const narrow = useMediaQuery("(max-width: 720px)", undefined, { getInitialValueInEffect: false });
  const done = useCallback(() => setChosen(nobody), []);
  const arrange = useStable(
    useArrange(
      computers ?? none,
      (one) => (one.what === "details" ? details.show(one.computer.id) : setDoing(one)),
      done,
    ),
  );
  const choosing = useMemo(() => ({ chosen, onChoose: setChosen }), [chosen]);
  const some = computers !== undefined && computers.length > 0;
  const selected = (computers ?? none).filter((c) => chosen.has(c.id));
  const close = useCallback(() => setDoing(undefined), []);
  const onPlace = useStable((id: string) => setAddress(id ? { group: id } : {}, { replace: true }));
  const open = details.id !== undefined && (
    <Details
      id={details.id}
      path={pathOfComputer(roots, computers, details.id)}
      onDo={arrange}
      onClose={details.close}
    />
  );
  const dialogs = <ComputerDialogs doing={doing} roots={roots} onClose={close} onDone={done} onDo={arrange} />;
  if (narrow && open)
    return (
      <Page title={t("nav.computers")}>
        {open}
        {dialogs}
      </Page>
    );
  return (
    <Page
      title={t("nav.computers")}
      aside={open}
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
            <ComputerSearch search={search} onSearch={setSearch} />
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
        <ComputerSelection selected={selected} wakeable={wakeableOf(computers ?? none)} onDo={arrange} onClear={done} />
      )}
      {some && <ComputerRows all={computers} rows={found} choosing={choosing} onDo={arrange} />}
      {some && found.length === 0 && (
        <p className={list.nothing}>{search ? t("computers.nothingFound") : t("groups.empty")}</p>
      )}
      {dialogs}
    </Page>
  );
}

/** The groups, the chosen one, and what a search finds in it. */
function usePlaces(computers: Computer[], id: string, search: string) {
  const { t } = useTranslation();
  const { data: groups } = useQuery(groupsQuery);
  const mayTeam = useMay("see-team-computers");
  const me = useMe();
  const rootOf = useCallback((c: Computer) => (isOthers(c, me) ? OTHERS : c.visibility), [me]);
  const standing = useStanding(computers);
  const others = useMemo(() => standing.some((c) => rootOf(c) === OTHERS), [standing, rootOf]);
  const roots = useMemo(
    () =>
      placesOf(
        groups ?? none,
        standing,
        [
          { visibility: "me", name: t("groups.mine") },
          ...(mayTeam ? [{ visibility: "everyone", name: t("groups.team") } as const] : []),
          ...(others ? [{ id: OTHERS, visibility: "me", name: t("groups.others") } as const] : []),
        ],
        rootOf,
      ),
    [groups, standing, mayTeam, others, rootOf, t],
  );
  const names = useMemo(() => groupNames(roots), [roots]);
  const place = findPlace(roots, id);
  const all = useMemo(() => searchComputers(computers, search, names), [computers, search, names]);
  const found = useMemo(() => (place ? computersIn(place, all, rootOf) : all), [place, all, rootOf]);
  const kept = useMemo(
    () => (search.trim() ? searchPlaces(roots, search, all, rootOf) : undefined),
    [all, roots, rootOf, search],
  );
  return { roots, place, found, kept };
}

/** The computer whose details are open, by an address of its own, which can be sent. */
function useDetails() {
  const { id } = useParams();
  const { search } = useLocation();
  const navigate = useNavigate();
  const show = useCallback((one: string) => navigate({ pathname: `/computers/${one}`, search }), [navigate, search]);
  const close = useCallback(() => {
    navigate({ pathname: "/computers", search });
    if (id) requestAnimationFrame(() => document.getElementById(`computer-${id}`)?.focus());
  }, [navigate, search, id]);
  return { id, show, close };
}

/** The names of the places in which a computer stands. */
function pathOfComputer(roots: Place[], computers: readonly Computer[] | undefined, id: string): string {
  const computer = computers?.find((c) => c.id === id);
  const place = computer && (findPlace(roots, computer.groupId) ?? findPlace(roots, computer.visibility));
  return place ? pathOf(place).join(" › ") : "";
}
