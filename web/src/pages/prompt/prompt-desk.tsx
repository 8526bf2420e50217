import { Button } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import { IconTerminal2 } from "@tabler/icons-react";
import { type ReactNode, useCallback, useEffect, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import type { PromptPlace } from "../../api/prompts";
import { Banner } from "../../components/banner";
import { ConfirmDialog } from "../../components/confirm-dialog";
import { EmptyState } from "../../components/empty-state";
import type { Tab } from "../../terminal/desk";
import type { PageKey } from "../../terminal/keys";
import { needsLook } from "../../terminal/paste";
import { PasteDialog } from "./paste-dialog";
import classes from "./prompt-desk.module.css";
import { SearchBar } from "./search-bar";
import { StateCard } from "./state-card";
import { TabStrip } from "./tab-strip";
import { Tools } from "./tools";
import { TouchKeys } from "./touch-keys";
import { useDesk } from "./use-desk";
import { useFontSize, useReader } from "./use-settings";
import { useTabName } from "./use-tab-name";

interface PromptDeskProps {
  place: PromptPlace;
  /** The computer's name. */
  name: string;
  /** Whether the prompts are not out of sight. */
  seen?: boolean;
  /** Before the tabs, and after the tools. */
  lead?: ReactNode;
  tail?: ReactNode;
}

/** The prompts of a computer: a bar with a tab for each, and the terminal of the one in front. */
export function PromptDesk({ place, name, seen = true, lead, tail }: PromptDeskProps) {
  const { t } = useTranslation();
  const nameOf = useTabName();
  const strip = useRef<HTMLDivElement>(null);
  const [searching, setSearching] = useState(false);
  const [pasting, setPasting] = useState<string>();
  const [closing, setClosing] = useState<Tab>();
  const unasked = useRef(false);
  const text = useFontSize();
  const [reader, setReader] = useReader();
  const label = name ? t("prompt.terminal", { name }) : t("prompt.terminalNoName");
  const { stage, desk, snapshot, broken } = useDesk({
    place,
    label,
    fontSize: text.pixels,
    reader,
    onKey: (key) => keys[key](),
    onPaste: (pasted) => {
      if (needsLook(pasted) && !unasked.current) setPasting(pasted);
      else desk?.shown?.paste(pasted);
    },
    onLeave: () => strip.current?.querySelector<HTMLElement>("[role=tab][tabindex='0']")?.focus({ focusVisible: true }),
  });
  const { tabs, active, link, found } = snapshot;
  const tab = tabs.find((one) => one.key === active);
  const enter = useCallback(() => desk?.shown?.focus(), [desk]);
  const keys: Record<PageKey, () => void> = {
    copy: () => void copy(desk?.shown?.selection ?? ""),
    search: () => setSearching(true),
    larger: text.larger,
    smaller: text.smaller,
    normal: text.normal,
  };
  const copy = async (selection: string) => {
    if (!selection) return;
    try {
      await navigator.clipboard.writeText(selection);
    } catch {
      notifications.show({ message: t("action.copyFailed") });
    }
  };
  const open = (shell?: string) => {
    desk?.open(shell);
    enter();
  };
  const close = (one: Tab) => {
    if (one.state.phase === "open" && one.state.program !== "") setClosing(one);
    else desk?.close(one.key);
  };
  const endSearch = () => {
    setSearching(false);
    void desk?.shown?.endSearch();
    enter();
  };
  // A shell that has begun or is seen again, or another tab, is there to be typed into.
  const phase = tab?.state.phase;
  useEffect(() => {
    if (seen && active && phase === "open" && !strip.current?.contains(document.activeElement)) enter();
  }, [seen, active, phase, enter]);
  const shells = tab?.state.shells ?? tabs.find((one) => one.state.shells.length > 0)?.state.shells ?? [];
  return (
    <div className={classes.desk}>
      <div className={classes.head} data-lead={lead !== undefined || undefined}>
        {lead}
        <TabStrip
          ref={strip}
          tabs={tabs}
          active={active}
          shells={shells}
          onActivate={(key) => desk?.activate(key)}
          onClose={close}
          onOpen={open}
          onEnter={enter}
        />
        <Tools
          on={tab !== undefined}
          text={text}
          reader={reader}
          onReader={setReader}
          onSearch={() => setSearching(true)}
          onClear={() => {
            desk?.shown?.clear();
            enter();
          }}
          onEnter={enter}
        />
        {tail}
      </div>
      <div
        className={classes.stage}
        id="prompt-stage"
        {...(tab && { role: "tabpanel", "aria-labelledby": `prompt-tab-${tab.key}` })}
      >
        <div ref={stage} className={classes.terminal} data-dim={(tab && phase !== "open") || undefined} />
        {broken && (
          <div className={classes.note}>
            <Banner tone="bad">{t("route.broken")}</Banner>
          </div>
        )}
        {desk && !tab && (
          <div className={classes.empty}>
            <EmptyState icon={IconTerminal2} title={t("prompt.none")}>
              <Button variant="filled" onClick={() => open()} autoFocus>
                {t("prompt.new")}
              </Button>
            </EmptyState>
          </div>
        )}
        {tab && (
          <StateCard
            key={tab.key}
            tab={tab}
            name={name}
            onAgain={() => desk?.again(tab.key)}
            onClose={() => desk?.close(tab.key)}
          />
        )}
        {tab && searching && (
          <SearchBar
            key={`search-${tab.key}`}
            found={found}
            onFind={(wanted, back, typing) => void desk?.shown?.find(wanted, back, typing)}
            onClose={endSearch}
          />
        )}
        {link && (
          <p className={classes.link} role="tooltip">
            {t("prompt.link", { address: link })}
          </p>
        )}
      </div>
      {tab && <TouchKeys screen={() => desk?.shown} />}
      <PasteDialog
        text={pasting}
        onPaste={(pasted, always) => {
          unasked.current = always;
          setPasting(undefined);
          desk?.shown?.paste(pasted);
        }}
        onClose={() => setPasting(undefined)}
      />
      <ConfirmDialog
        about={closing}
        title={(one) => t("prompt.closeTitle", { name: nameOf(one) })}
        text={(one) => t("prompt.closeText", { program: one.state.program })}
        button={t("prompt.closeButton")}
        act={harmless}
        onConfirm={(one, done) => {
          done();
          desk?.close(one.key);
        }}
        onClose={() => setClosing(undefined)}
      />
    </div>
  );
}

/** Closing a tab asks no server. */
const harmless = { error: null, isPending: false, reset: () => {} };
