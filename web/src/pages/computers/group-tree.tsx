import {
  IconChevronRight,
  IconDevices,
  IconDots,
  IconFolder,
  IconUser,
  IconUserShield,
  IconUsers,
} from "@tabler/icons-react";
import { type FocusEvent, type KeyboardEvent, memo, useEffect, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { useMenuOfMany } from "../../components/menu-opener";
import { RowIcon } from "../../components/row-button";
import { useFormat } from "../../i18n/format";
import type { Doing } from "./doing";
import { useDragPlaces, useDropPlace } from "./drag";
import { GroupMenu } from "./group-menu";
import { GroupName } from "./group-name";
import classes from "./group-tree.module.css";
import { OTHERS, type Place, visiblePlaces } from "./tree";
import { type Lines, TreeLines } from "./tree-lines";
import { useStable } from "./use-stable";

const icon = { size: 16, stroke: 1.75, "aria-hidden": true } as const;

const dots = <IconDots size={15} stroke={1.75} aria-hidden />;
const rootIcons = { me: IconUser, everyone: IconUsers, [OTHERS]: IconUserShield };

/** Where a new group's name is typed, or another name for a group. */
export type Naming = { new: Place } | { rename: Place };

interface GroupTreeProps {
  roots: Place[];
  /** How many computers there are in all. */
  total: number;
  /** While searching: the places that are shown. */
  kept?: ReadonlySet<string> | undefined;
  /** The place whose computers are shown; empty: all. */
  place: string;
  onPlace: (id: string) => void;
  onDo: (doing: Doing) => void;
}

/** My computers and Team computers with their groups. */
export const GroupTree = memo(function GroupTree({ roots, total, kept, place, onPlace, onDo }: GroupTreeProps) {
  const { t } = useTranslation();
  const tree = useRef<HTMLDivElement>(null);
  const [closed, setClosed] = useState<ReadonlySet<string>>(new Set());
  const [naming, setNaming] = useState<Naming>();
  const shown = visiblePlaces(roots, kept ? new Set() : closed).filter((one) => !kept || kept.has(one.id));
  const ids = ["", ...shown.map((one) => one.id)];
  const [focus, setFocus] = useState(place);
  const focused = ids.includes(focus) ? focus : "";

  const { menu, toggle, close } = useMenuOfMany();
  const menuPlace = menu && shown.find((one) => one.id === menu.id);

  useDragPlaces(tree, shown);

  const lines = useRef<Lines>(null);
  const drawn = (id: string) => {
    const items = tree.current?.querySelectorAll<HTMLElement>("[data-place]") ?? [];
    return [...items].find((item) => item.dataset.place === id);
  };
  const lead = (id: string) => {
    const there = drawn(id);
    if (there) return there.focus();
    lines.current?.show(shown.findIndex((one) => one.id === id));
    requestAnimationFrame(() => requestAnimationFrame(() => drawn(id)?.focus()));
  };
  const open = useStable((id: string, now: boolean) => {
    const next = new Set(closed);
    if (now) next.delete(id);
    else next.add(id);
    setClosed(next);
  });
  const name = useStable((what: Naming) => {
    if ("new" in what) {
      open(what.new.id, true);
      lines.current?.show(shown.indexOf(what.new));
    }
    setNaming(what);
  });
  const follow = ({ target }: FocusEvent) => {
    const id = target.closest<HTMLElement>("[data-place]")?.dataset.place;
    if (id !== undefined) setFocus(id);
  };
  const keys = (event: KeyboardEvent) => {
    if (event.target instanceof HTMLInputElement || event.ctrlKey || event.metaKey || event.altKey) return;
    const at = ids.indexOf(focused);
    const one = shown.find((p) => p.id === focused);
    const isOpen = one && one.children.length > 0 && !closed.has(one.id);
    if (event.key === "ArrowDown") lead(ids[Math.min(at + 1, ids.length - 1)]!);
    else if (event.key === "ArrowUp") lead(ids[Math.max(at - 1, 0)]!);
    else if (event.key === "Home") lead("");
    else if (event.key === "End") lead(ids.at(-1)!);
    else if (event.key === "ArrowRight" && one && isOpen) lead(ids[at + 1]!);
    else if (event.key === "ArrowRight" && one) open(one.id, true);
    else if (event.key === "ArrowLeft" && one && isOpen) open(one.id, false);
    else if (event.key === "ArrowLeft" && one?.parent) lead(one.parent.id);
    else if (event.key === "Enter" || event.key === " ") onPlace(focused);
    else if (event.key === "F2" && one?.groupId) name({ rename: one });
    else if (event.key === "Delete" && one?.groupId) onDo({ what: "removeGroup", place: one });
    else return;
    event.preventDefault();
  };
  // Once a name is kept the focus goes back to where the menu or the key was used, when that is drawn again.
  const [after, setAfter] = useState<string>();
  useEffect(() => {
    if (after === undefined || naming) return;
    lead(after);
    setAfter(undefined);
  });
  const done = (id: string) => {
    setNaming(undefined);
    setAfter(id);
  };

  return (
    <>
      <div
        ref={tree}
        role="tree"
        aria-label={t("groups.label")}
        className={classes.tree}
        onFocus={follow}
        onKeyDown={keys}
      >
        <AllItem selected={place === ""} focusable={focused === ""} total={total} onSelect={() => onPlace("")} />
        <TreeLines
          lines={lines}
          count={shown.length}
          keyOf={(index) => shown[index]!.id}
          render={(index) => line(shown[index]!)}
        />
      </div>
      {menu && menuPlace && <GroupMenu place={menuPlace} menu={menu} onClose={close} onName={name} onDo={onDo} />}
    </>
  );

  function line(one: Place) {
    return (
      <div role="none">
        {naming && "rename" in naming && naming.rename.id === one.id ? (
          <GroupName place={one} depth={one.depth} onDone={() => done(one.id)} />
        ) : (
          <Item
            place={one}
            selected={place === one.id}
            focusable={focused === one.id}
            open={one.children.length > 0 ? kept !== undefined || !closed.has(one.id) : undefined}
            onOpen={open}
            onSelect={onPlace}
            onMore={toggle}
            onDo={onDo}
          />
        )}
        {naming && "new" in naming && naming.new.id === one.id && (
          <GroupName parent={one} depth={one.depth + 1} onDone={() => done(one.id)} />
        )}
      </div>
    );
  }
});

function AllItem(props: { selected: boolean; focusable: boolean; total: number; onSelect: () => void }) {
  const { t } = useTranslation();
  const format = useFormat();
  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: the tree handles the keys
    <div
      role="treeitem"
      aria-level={1}
      aria-selected={props.selected}
      tabIndex={props.focusable ? 0 : -1}
      data-place=""
      className={classes.item}
      onClick={props.onSelect}
    >
      <span className={classes.twist} />
      <IconDevices {...icon} />
      <span className={classes.name}>{t("groups.all")}</span>
      <span className={classes.count}>{format.number(props.total)}</span>
    </div>
  );
}

const Item = memo(function Item(props: {
  place: Place;
  selected: boolean;
  focusable: boolean;
  /** undefined: nothing stands in it. */
  open: boolean | undefined;
  onOpen: (id: string, open: boolean) => void;
  onSelect: (id: string) => void;
  onMore: (id: string, button: HTMLElement) => void;
  onDo: (doing: Doing) => void;
}) {
  const { place, open } = props;
  const { t } = useTranslation();
  const format = useFormat();
  const element = useRef<HTMLDivElement>(null);
  const over = useDropPlace(element, place, props.onDo);
  const Icon = place.groupId ? IconFolder : rootIcons[place.id as keyof typeof rootIcons];
  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: the tree handles the keys
    <div
      ref={element}
      role="treeitem"
      aria-level={place.depth + 1}
      aria-selected={props.selected}
      aria-expanded={open}
      tabIndex={props.focusable ? 0 : -1}
      data-place={place.id}
      data-over={over || undefined}
      data-root={place.groupId === "" || undefined}
      className={classes.item}
      style={{ "--depth": place.depth } as React.CSSProperties}
      {...(place.parent
        ? { "aria-setsize": place.parent.children.length, "aria-posinset": place.parent.children.indexOf(place) + 1 }
        : {})}
      onClick={() => props.onSelect(place.id)}
    >
      {/* biome-ignore lint/a11y/useKeyWithClickEvents: the arrow keys do it */}
      {/* biome-ignore lint/a11y/noStaticElementInteractions: the arrow keys do it */}
      <span
        className={classes.twist}
        data-open={open}
        onClick={(event) => {
          if (open === undefined) return;
          event.stopPropagation();
          props.onOpen(place.id, !open);
        }}
      >
        {open !== undefined && <IconChevronRight size={14} stroke={2} aria-hidden />}
      </span>
      <Icon {...icon} />
      <span className={classes.name}>{place.name}</span>
      <span className={classes.count}>{format.number(place.count)}</span>
      {place.id !== OTHERS && (
        <RowIcon
          id={`more-of-${place.id}`}
          className={classes.more}
          label={t("groups.more", { name: place.name })}
          icon={dots}
          aria-haspopup="menu"
          aria-expanded={false}
          onClick={(event) => {
            event.stopPropagation();
            props.onMore(place.id, event.currentTarget);
          }}
          onKeyDown={(event) => event.stopPropagation()}
        />
      )}
    </div>
  );
});
