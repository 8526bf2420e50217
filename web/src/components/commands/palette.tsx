import { IconSearch } from "@tabler/icons-react";
import { type KeyboardEvent, type MouseEvent, useEffect, useId, useMemo, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { Dialog } from "../dialog";
import type { Actions } from "./actions";
import { KeyCaps } from "./key-caps";
import { type Command, groups, useCommands } from "./list";
import { find } from "./match";
import classes from "./palette.module.css";

/** How many of one kind are shown at once; who types more of the name finds the others. */
const MOST = 8;

interface PaletteProps {
  opened: boolean;
  onClose: () => void;
  search: string;
  onSearch: (search: string) => void;
  actions: Actions;
  showKeys: () => void;
}

/** Everything in the console by a few letters: pages, who is ready, computers, actions. */
export function Palette(props: PaletteProps) {
  const { t } = useTranslation();
  return (
    <Dialog
      opened={props.opened}
      onClose={props.onClose}
      title={t("palette.title")}
      withCloseButton={false}
      centered={false}
      size={600}
      yOffset="12vh"
      zIndex={400} // above what hangs from the page, which the keys open it over
      padding={0}
      classNames={{ header: classes.unseen, body: classes.body }}
    >
      <Finder {...props} />
    </Dialog>
  );
}

function Finder({ onClose, search, onSearch, actions, showKeys }: PaletteProps) {
  const { t } = useTranslation();
  const id = useId();
  const [active, setActive] = useState(0);
  const list = useRef<HTMLDivElement>(null);
  const commands = useCommands(actions, showKeys);
  const found = useMemo(() => choose(commands, search), [commands, search]);
  const at = Math.min(active, found.length - 1);
  const optionId = (command: Command) => `${id}-${command.id}`;

  useEffect(() => {
    list.current?.querySelector("[aria-selected=true]")?.scrollIntoView({ block: "nearest" });
  });

  const run = (command: Command, event: MouseEvent | KeyboardEvent) => {
    onClose();
    if (command.to && (event.ctrlKey || event.metaKey)) window.open(command.to, "_blank", "noopener");
    else command.run();
  };
  const move = (to: number) => setActive((to + found.length) % Math.max(1, found.length));
  const keys = (event: KeyboardEvent) => {
    const chosen = found[at];
    if (event.nativeEvent.isComposing) return;
    else if (event.key === "ArrowDown") move(at + 1);
    else if (event.key === "ArrowUp") move(at - 1);
    else if (event.key === "PageDown") setActive(Math.min(at + MOST, found.length - 1));
    else if (event.key === "PageUp") setActive(Math.max(at - MOST, 0));
    else if (event.key === "Enter" && chosen) run(chosen, event);
    else return;
    event.preventDefault();
  };

  return (
    <>
      <div className={classes.field}>
        <IconSearch size={18} stroke={1.75} aria-hidden />
        <input
          className={classes.input}
          data-autofocus
          role="combobox"
          aria-label={t("palette.placeholder")}
          aria-expanded={found.length > 0}
          aria-controls={`${id}-list`}
          aria-autocomplete="list"
          aria-activedescendant={found[at] && optionId(found[at])}
          placeholder={t("palette.placeholder")}
          autoComplete="off"
          spellCheck={false}
          maxLength={100}
          value={search}
          onChange={(event) => {
            onSearch(event.currentTarget.value);
            setActive(0);
          }}
          onKeyDown={keys}
        />
      </div>
      <div ref={list} id={`${id}-list`} role="listbox" aria-label={t("palette.title")} className={classes.list}>
        {groupsOf(found).map(([group, members]) => (
          <div key={group} role="group" aria-labelledby={`${id}-${group}`} className={classes.group}>
            <div id={`${id}-${group}`} className={classes.heading} role="presentation">
              {t(`palette.group.${group}`)}
            </div>
            {members.map((command) => (
              // biome-ignore lint/a11y/useKeyWithClickEvents: the focus stays in the field, whose keys do the same
              <div
                key={command.id}
                id={optionId(command)}
                role="option"
                aria-selected={command === found[at]}
                className={classes.option}
                onPointerMove={() => setActive(found.indexOf(command))}
                onClick={(event) => run(command, event)}
              >
                <command.Icon size={17} stroke={1.75} aria-hidden />
                <span className={classes.name}>{command.name}</span>
                {command.detail && <span className={classes.detail}>{command.detail}</span>}
                {command.keys && <KeyCaps keys={command.keys} />}
              </div>
            ))}
          </div>
        ))}
        {found.length === 0 && <p className={classes.nothing}>{t("palette.nothing")}</p>}
      </div>
      <div role="status" className={classes.unseen}>
        {search !== "" && t("palette.found", { count: found.length })}
      </div>
    </>
  );
}

/** What is shown for a search: without one, all that is not hidden; with one, what fits, the group with the best first. */
function choose(commands: Command[], search: string): Command[] {
  const searching = search.trim() !== "";
  const things = searching ? commands.map((one) => ({ ...one, words: `${one.detail ?? ""} ${one.words ?? ""}` })) : [];
  const fitting = searching ? find(things, search) : commands.filter((one) => !one.hidden);
  const order = searching ? [...new Set(fitting.map((one) => one.group))] : groups;
  return order.flatMap((group) => fitting.filter((one) => one.group === group).slice(0, MOST));
}

function groupsOf(found: Command[]): [Command["group"], Command[]][] {
  const names = [...new Set(found.map((one) => one.group))];
  return names.map((name) => [name, found.filter((one) => one.group === name)]);
}
