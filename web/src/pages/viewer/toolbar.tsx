import { Button, Menu, Tooltip } from "@mantine/core";
import {
  type Icon,
  IconArrowLeft,
  IconArrowsMaximize,
  IconChevronDown,
  IconCircleOff,
  IconDeviceDesktop,
  IconEye,
  IconHandStop,
  IconKey,
  IconKeyboard,
  IconMaximize,
  IconMinimize,
  IconNote,
  IconPointer,
  IconRelationOneToOne,
  IconTerminal2,
} from "@tabler/icons-react";
import type { KeyboardEvent, ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { Link } from "react-router";
import type { Viewer, ViewerState } from "../../viewer/state";
import { companyOf } from "./company";
import { People } from "./people";
import classes from "./toolbar.module.css";
import type { FullScreen } from "./use-full-screen";
import type { Back } from "./viewer-screen";

interface ToolbarProps {
  name: string;
  detail?: string;
  state: ViewerState;
  viewer: Viewer | undefined;
  scale: "fit" | "actual";
  setScale(scale: "fit" | "actual"): void;
  fullScreen: FullScreen;
  back: Back;
  /** Shows the command prompts or hides them; undefined: there are none to be had. */
  onPrompts?: () => void;
  prompts: boolean;
  onInvite?: () => void;
  /** Asks the end-user for access at any time; undefined: it cannot be had. */
  onKeep?: () => void;
  onNote?: () => void;
  onEnd?: () => void;
  status: ReactNode;
}

/** The tools that work now, each with a name and a key. The keys act while the focus is in the bar. */
export function Toolbar(props: ToolbarProps) {
  const { name, detail, state, viewer, scale, setScale, fullScreen, back, onInvite, onNote, onEnd, status } = props;
  const { onPrompts, prompts, onKeep } = props;
  const { t } = useTranslation();
  const live = state.phase === "live" || state.phase === "paused";
  const mayControl = live && state.level === "control";
  const toggleScale = () => setScale(scale === "fit" ? "actual" : "fit");
  const { mine, owner, asked } = companyOf(state);
  const keeping = state.keep?.state === "asking" || state.keep?.state === "working";
  const toggleControl = () => {
    if (asked) viewer?.wish({ action: "release" });
    else viewer?.setControl(!state.controlling);
  };
  const keys: Record<string, (() => void) | undefined> = {
    c: mayControl ? toggleControl : undefined,
    d: state.controlling ? () => viewer?.ctrlAltDel() : undefined,
    s: live ? toggleScale : undefined,
    f: fullScreen.toggle,
    p: onPrompts,
    k: keeping ? undefined : onKeep,
    n: onNote,
    e: onEnd,
    escape: () => viewer?.focus(),
  };
  const onKeyDown = (event: KeyboardEvent<HTMLElement>) => {
    if (event.ctrlKey || event.altKey || event.metaKey || !event.currentTarget.contains(event.target as Node)) return;
    if (event.key === "ArrowRight" || event.key === "ArrowLeft") {
      step(event.currentTarget, event.key === "ArrowRight" ? 1 : -1);
      event.preventDefault();
      return;
    }
    const act = keys[event.key.toLowerCase()];
    if (!act) return;
    event.preventDefault();
    act();
  };
  return (
    <div role="toolbar" aria-label={t("viewer.tools")} className={classes.bar} onKeyDown={onKeyDown}>
      <Tooltip label={back.label}>
        <Link to={back.to} className={classes.back} aria-label={back.label}>
          <IconArrowLeft size={17} stroke={1.75} aria-hidden />
        </Link>
      </Tooltip>
      <h1 className={classes.title}>
        <span className={classes.name}>{name}</span>
        {detail && <span className={classes.detail}>{detail}</span>}
      </h1>
      <div className={classes.tools}>
        {live && state.displays.length > 1 && <Displays state={state} viewer={viewer} />}
        {mayControl && !mine && (
          <Tool
            Icon={asked || !owner ? IconPointer : IconHandStop}
            name={asked ? t("control.takeBack") : owner ? t("control.ask") : t("viewer.toControl")}
            hint={owner && !asked ? t("control.has", { name: owner.name }) : undefined}
            keyName="C"
            word
            onClick={toggleControl}
          />
        )}
        {mayControl && mine && (
          <Tool
            Icon={state.controlling ? IconPointer : IconEye}
            name={state.controlling ? t("level.control") : t("level.view")}
            hint={state.controlling ? t("viewer.toView") : t("viewer.toControl")}
            keyName="C"
            word
            onClick={toggleControl}
          />
        )}
        {live && state.level === "view" && (
          <span className={classes.only}>
            <IconEye size={16} stroke={1.75} aria-hidden />
            {t("level.view")}
          </span>
        )}
        {state.controlling && (
          <Tool
            Icon={IconKeyboard}
            name={t("viewer.ctrlAltDel")}
            hint={t("viewer.ctrlAltDelText")}
            keyName="D"
            word
            onClick={() => {
              viewer?.ctrlAltDel();
              viewer?.focus();
            }}
          />
        )}
        {live && (
          <Tool
            Icon={scale === "fit" ? IconRelationOneToOne : IconArrowsMaximize}
            name={scale === "fit" ? t("viewer.actual") : t("viewer.fit")}
            keyName="S"
            onClick={toggleScale}
          />
        )}
        <Tool
          Icon={fullScreen.on ? IconMinimize : IconMaximize}
          name={fullScreen.on ? t("viewer.leaveFullScreen") : t("viewer.fullScreen")}
          keyName="F"
          onClick={() => {
            fullScreen.toggle();
            viewer?.focus();
          }}
        />
        {onPrompts && (
          <Tool
            Icon={IconTerminal2}
            name={prompts ? t("prompt.hide") : t("prompt.open")}
            keyName="P"
            onClick={onPrompts}
          />
        )}
        {live && <People state={state} viewer={viewer} onInvite={onInvite} />}
        {onKeep && <Tool Icon={IconKey} name={t("keep.tool")} keyName="K" busy={keeping} onClick={onKeep} />}
        {onNote && <Tool Icon={IconNote} name={t("sessions.note")} keyName="N" onClick={onNote} />}
        {onEnd && <Tool Icon={IconCircleOff} name={t("sessions.end")} keyName="E" word bad onClick={onEnd} />}
      </div>
      {status}
    </div>
  );
}

function Displays({ state, viewer }: { state: ViewerState; viewer: Viewer | undefined }) {
  const { t } = useTranslation();
  const name = (index: number) => t("viewer.displayNumber", { number: index + 1 });
  const selected = state.displays.findIndex((display) => display.id === state.selectedDisplay);
  return (
    <Menu position="bottom-start" width={240}>
      <Menu.Target>
        <Button
          variant="subtle"
          className={classes.tool}
          leftSection={<IconDeviceDesktop size={17} stroke={1.75} aria-hidden />}
          rightSection={<IconChevronDown size={14} stroke={2} aria-hidden />}
        >
          <span className={classes.displayName}>{selected >= 0 ? name(selected) : t("viewer.displays")}</span>
        </Button>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.RadioGroup
          value={String(state.selectedDisplay)}
          onChange={(value) => {
            viewer?.selectDisplay(Number(value));
            viewer?.focus();
          }}
        >
          {state.displays.map((display, index) => (
            <Menu.RadioItem
              key={display.id}
              value={String(display.id)}
              closeMenuOnClick
              rightSection={<span className={classes.size}>{`${display.width} × ${display.height}`}</span>}
            >
              {display.primary ? t("viewer.displayPrimary", { number: index + 1 }) : name(index)}
            </Menu.RadioItem>
          ))}
        </Menu.RadioGroup>
      </Menu.Dropdown>
    </Menu>
  );
}

interface ToolProps {
  Icon: Icon;
  name: string;
  hint?: string;
  keyName: string;
  /** Its name stands beside the icon where there is room. */
  word?: boolean;
  bad?: boolean;
  /** It is being done; the focus may stay on it. */
  busy?: boolean;
  onClick: () => void;
}

function Tool({ Icon, name, hint, keyName, word, bad, busy, onClick }: ToolProps) {
  return (
    <Tooltip
      label={
        <>
          {hint ?? name} <kbd className={classes.key}>{keyName}</kbd>
        </>
      }
    >
      <Button
        variant="subtle"
        color={bad ? "bad" : undefined}
        className={classes.tool}
        data-word={word || undefined}
        aria-label={name}
        aria-keyshortcuts={keyName}
        aria-disabled={busy || undefined}
        data-disabled={busy || undefined}
        onClick={busy ? undefined : onClick}
      >
        <Icon size={17} stroke={1.75} aria-hidden />
        {word && <span className={classes.word}>{name}</span>}
      </Button>
    </Tooltip>
  );
}

/** Moves the focus to the next or the previous control of the bar. */
function step(bar: HTMLElement, by: 1 | -1): void {
  const controls = [...bar.querySelectorAll<HTMLElement>("a, button:not(:disabled)")];
  const at = controls.indexOf(document.activeElement as HTMLElement);
  controls[(at + by + controls.length) % controls.length]?.focus();
}
