import { useQuery } from "@tanstack/react-query";
import { lazy, Suspense, useCallback, useRef, useState } from "react";
import { flushSync } from "react-dom";
import { useTranslation } from "react-i18next";
import { useNavigate } from "react-router";
import { useMay, useMe } from "../../api/me";
import type { ViewerTicket } from "../../api/schema.gen";
import { sessionQuery } from "../../api/sessions";
import type { Level, Phase } from "../../viewer/state";
import { AgentDialog } from "../sessions/agent-dialog";
import { EndDialog } from "../sessions/end-dialog";
import { NoteDialog } from "../sessions/note-dialog";
import { ControlWord } from "./control-word";
import { Curtain } from "./curtain";
import { KeepWord } from "./keep-word";
import { NoPicture } from "./no-picture";
import words from "./no-picture.module.css";
import { Status } from "./status";
import { Toolbar } from "./toolbar";
import { useExactWindow } from "./use-exact-window";
import { useFullScreen } from "./use-full-screen";
import { useViewer } from "./use-viewer";
import classes from "./viewer-screen.module.css";

const PromptDesk = lazy(async () => ({ default: (await import("../prompt/prompt-desk")).PromptDesk }));

const KeepDialog = lazy(async () => ({ default: (await import("./keep-dialog")).KeepDialog }));

export interface Back {
  to: string;
  label: string;
}

interface ViewerScreenProps {
  name: string;
  detail?: string;
  /** Undefined until the server has made the session. */
  sessionId: string | undefined;
  ask: (commitment: string, level: Level) => Promise<ViewerTicket>;
  back: Back;
}

/** While there is a picture that matters more than the bar. */
const running: ReadonlySet<Phase> = new Set(["live", "paused", "reconnecting"]);

/** The picture is the page: a slim toolbar above it, and what there is to say lies over it. */
export function ViewerScreen({ name, detail, sessionId, ask, back }: ViewerScreenProps) {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const bar = useRef<HTMLDivElement>(null);
  const [round, setRound] = useState(0);
  const [scale, setScaleState] = useState<"fit" | "actual">("fit");
  const [dialog, setDialog] = useState<"note" | "end" | "invite" | "keep">();
  /** The command prompts below the picture: not asked for yet, seen, or out of sight. */
  const [prompts, setPrompts] = useState<"shown" | "hidden">();
  const me = useMe();
  const reveal = useRef(() => {});
  const toBar = useCallback(() => {
    flushSync(() => reveal.current()); // what is hidden takes no focus
    bar.current?.querySelector("button")?.focus({ focusVisible: true });
  }, []);
  const level = useMay("control") ? "control" : "view";
  const { canvas, state, viewer, ticket, fault } = useViewer({ level, ask, onLeave: toBar });
  const exact = useExactWindow(state.width, state.height);
  const full = useFullScreen(exact && scale === "fit" && running.has(state.phase));
  reveal.current = full.reveal;
  const { data: session } = useQuery({ ...sessionQuery(sessionId ?? ""), enabled: sessionId !== undefined });
  const shown = state.width > 0;
  const ended = state.phase === "ended";
  const who = name || ticket?.computerName || "";

  const mayKeep = state.mayKeep && running.has(state.phase) && me.permissions.includes("add-computers");

  const setScale = (next: "fit" | "actual") => {
    setScaleState(next);
    viewer?.setScale(next);
  };

  return (
    <div className={classes.page} data-full={full.barHides || undefined} data-bar={full.barShown || undefined}>
      <header className={classes.head} ref={bar} {...full.barProps}>
        <Toolbar
          name={who}
          detail={detail}
          state={state}
          viewer={viewer}
          scale={scale}
          setScale={setScale}
          fullScreen={full}
          back={back}
          onPrompts={
            session?.prompts && !ended && me.permissions.includes("prompt")
              ? () => setPrompts(prompts === "shown" ? "hidden" : "shown")
              : undefined
          }
          prompts={prompts === "shown"}
          onInvite={
            session && !ended && me.permissions.includes("invite-agents") ? () => setDialog("invite") : undefined
          }
          onKeep={mayKeep && state.keep?.state !== "done" ? () => setDialog("keep") : undefined}
          onNote={session && !ended ? () => setDialog("note") : undefined}
          onEnd={session && !ended ? () => setDialog("end") : undefined}
          status={<Status state={state} />}
        />
      </header>
      <main className={classes.stage}>
        <div className={classes.frame} data-scale={scale}>
          <canvas
            key={round}
            id="screen"
            ref={canvas}
            tabIndex={0}
            aria-label={t("viewer.picture", { name: who })}
            className={classes.canvas}
            data-shown={shown || undefined}
            data-dim={state.phase === "reconnecting" || ended || undefined}
          />
        </div>
        {state.noPictureReason && state.phase === "live" && (
          <NoPicture
            reason={state.noPictureReason}
            onCtrlAltDel={state.controlling ? () => viewer?.ctrlAltDel() : undefined}
          />
        )}
        {(state.phase === "live" || state.phase === "paused") && (
          <div className={words.lows}>
            <KeepWord state={state} />
            {state.phase === "live" && <ControlWord state={state} viewer={viewer} />}
          </div>
        )}
        <Curtain
          state={state}
          name={who}
          unattended={ticket?.unattended ?? false}
          fault={fault}
          back={back}
          onAgain={() => setRound(round + 1)}
        />
      </main>
      {prompts && sessionId && (
        <section className={classes.prompts} aria-label={t("prompt.tabs")} hidden={prompts === "hidden"}>
          <Suspense>
            <PromptDesk place={{ kind: "sessions", id: sessionId }} name={who} seen={prompts === "shown"} />
          </Suspense>
        </section>
      )}
      <NoteDialog session={dialog === "note" ? session : undefined} onClose={() => setDialog(undefined)} />
      <AgentDialog
        what="invite"
        session={dialog === "invite" ? session : undefined}
        onClose={() => setDialog(undefined)}
      />
      {mayKeep && (
        <Suspense>
          <KeepDialog
            name={dialog === "keep" ? session?.computer || who : undefined}
            onConfirm={() => viewer?.keep()}
            onClose={() => setDialog(undefined)}
          />
        </Suspense>
      )}
      <EndDialog
        session={dialog === "end" ? session : undefined}
        onClose={() => setDialog(undefined)}
        onEnded={() => navigate(back.to)}
      />
    </div>
  );
}
