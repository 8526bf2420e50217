import { ActionIcon, Menu, Tooltip } from "@mantine/core";
import { IconBell, IconChevronDown, IconPlus, IconX } from "@tabler/icons-react";
import type { KeyboardEvent, Ref } from "react";
import { useTranslation } from "react-i18next";
import type { Tab } from "../../terminal/desk";
import classes from "./tab-strip.module.css";
import { useTabName } from "./use-tab-name";

interface TabStripProps {
  ref: Ref<HTMLDivElement>;
  tabs: readonly Tab[];
  active: number;
  /** The programs that can be chosen for a new prompt. */
  shells: readonly string[];
  onActivate: (key: number) => void;
  onClose: (tab: Tab) => void;
  onOpen: (shell?: string) => void;
  /** Back into the terminal. */
  onEnter: () => void;
}

/** One tab for each prompt. Arrows go from tab to tab, Delete closes one, Enter and Escape lead into the terminal. */
export function TabStrip({ ref, tabs, active, shells, onActivate, onClose, onOpen, onEnter }: TabStripProps) {
  const { t } = useTranslation();
  const nameOf = useTabName();
  const idOf = (tab: Tab) => `prompt-tab-${tab.key}`;
  const onKeyDown = (event: KeyboardEvent<HTMLElement>) => {
    const at = tabs.findIndex((tab) => tab.key === active);
    const go = (to: number) => {
      const tab = tabs[(to + tabs.length) % tabs.length];
      if (!tab) return;
      event.preventDefault();
      onActivate(tab.key);
      document.getElementById(idOf(tab))?.focus();
    };
    if (event.key === "ArrowRight") go(at + 1);
    else if (event.key === "ArrowLeft") go(at - 1);
    else if (event.key === "Home") go(0);
    else if (event.key === "End") go(tabs.length - 1);
    else if (event.key === "Delete" && tabs[at]) onClose(tabs[at]);
    else if (event.key === "Escape" || event.key === "Enter" || event.key === "ArrowDown") {
      event.preventDefault();
      onEnter();
    }
  };
  return (
    <div className={classes.strip} data-tabs ref={ref}>
      {/* The strip also has the buttons that close, which a list of tabs must not have: it owns its tabs by name. */}
      <div role="tablist" aria-label={t("prompt.tabs")} aria-owns={tabs.map(idOf).join(" ")} />
      <div className={classes.tabs}>
        {tabs.map((tab) => (
          <div key={tab.key} className={classes.tab} data-active={tab.key === active || undefined}>
            <button
              type="button"
              role="tab"
              id={idOf(tab)}
              aria-selected={tab.key === active}
              aria-controls="prompt-stage"
              aria-keyshortcuts="Delete"
              tabIndex={tab.key === active ? 0 : -1}
              className={classes.name}
              data-over={tab.state.phase === "ended" || undefined}
              title={nameOf(tab)}
              onClick={() => {
                onActivate(tab.key);
                onEnter();
              }}
              onAuxClick={(event) => event.button === 1 && onClose(tab)}
              onKeyDown={onKeyDown}
              ref={
                tab.key === active
                  ? (element) => element?.scrollIntoView({ block: "nearest", inline: "nearest" })
                  : undefined
              }
            >
              {tab.bell && <IconBell size={14} stroke={2} aria-label={t("prompt.bell")} className={classes.bell} />}
              <span>{nameOf(tab)}</span>
            </button>
            <button
              type="button"
              className={classes.close}
              aria-label={t("prompt.close", { name: nameOf(tab) })}
              tabIndex={tab.key === active ? 0 : -1}
              onClick={() => onClose(tab)}
            >
              <IconX size={14} stroke={2} aria-hidden />
            </button>
          </div>
        ))}
      </div>
      <Tooltip label={t("prompt.new")}>
        <ActionIcon aria-label={t("prompt.new")} onClick={() => onOpen()}>
          <IconPlus size={17} stroke={1.75} aria-hidden />
        </ActionIcon>
      </Tooltip>
      {shells.length > 1 && (
        <Menu position="bottom-start" width={220} returnFocus={false}>
          <Tooltip label={t("prompt.chooseShell")}>
            <Menu.Target>
              <ActionIcon aria-label={t("prompt.chooseShell")} className={classes.choose}>
                <IconChevronDown size={14} stroke={2} aria-hidden />
              </ActionIcon>
            </Menu.Target>
          </Tooltip>
          <Menu.Dropdown>
            <Menu.Label>{t("prompt.newWith")}</Menu.Label>
            {shells.map((shell) => (
              <Menu.Item key={shell} className={classes.shell} onClick={() => onOpen(shell)}>
                {shell}
              </Menu.Item>
            ))}
          </Menu.Dropdown>
        </Menu>
      )}
    </div>
  );
}
