import { useComputedColorScheme } from "@mantine/core";
import { useEffect, useRef, useState } from "react";
import { askForPrompt, endPrompt, type PromptPlace } from "../../api/prompts";
import type { Desk, Snapshot } from "../../terminal/desk";
import type { PageKey } from "../../terminal/keys";

const nothing: Snapshot = { tabs: [], active: 0, link: undefined, found: undefined };

interface UseDesk {
  place: PromptPlace;
  label: string;
  fontSize: number;
  reader: boolean;
  onKey: (key: PageKey) => void;
  onPaste: (text: string) => void;
  onLeave: () => void;
}

/** Joins the prompts of a page to React: they live as long as the element in which they are seen does. */
export function useDesk(options: UseDesk) {
  const [stage, setStage] = useState<HTMLElement | null>(null);
  const [desk, setDesk] = useState<Desk>();
  const [snapshot, setSnapshot] = useState<Snapshot>();
  const [broken, setBroken] = useState(false);
  const latest = useRef(options);
  latest.current = options;
  const { kind, id } = options.place;

  useEffect(() => {
    if (!stage) return;
    let over = false;
    let made: Desk | undefined;
    const begin = async () => {
      const { Desk } = await import("../../terminal/desk");
      if (over) return;
      const { label, fontSize, reader } = latest.current;
      made = new Desk({
        of: `${kind}/${id}`,
        stage,
        label,
        fontSize,
        reader,
        ask: async (commitment, promptId) => {
          const ticket = await askForPrompt({ kind, id }, commitment, promptId);
          return { ...ticket, relayUrl: ticket.relayPath };
        },
        end: endPrompt,
        onChange: setSnapshot,
        onKey: (key) => latest.current.onKey(key),
        onPaste: (text) => latest.current.onPaste(text),
        onLeave: () => latest.current.onLeave(),
      });
      setDesk(made);
    };
    begin().catch((error: unknown) => {
      console.error("prompt:", error);
      setBroken(true);
    });
    return () => {
      over = true;
      made?.dispose();
      setDesk(undefined);
      setSnapshot(undefined);
    };
  }, [stage, kind, id]);

  const scheme = useComputedColorScheme("light");
  const { fontSize, reader } = options;
  useEffect(() => desk?.setFontSize(fontSize), [desk, fontSize]);
  useEffect(() => desk?.setReader(reader), [desk, reader]);
  // biome-ignore lint/correctness/useExhaustiveDependencies: the tokens differ by the scheme
  useEffect(() => desk?.recolour(), [desk, scheme]);
  return { stage: setStage, desk, snapshot: snapshot ?? nothing, broken };
}
