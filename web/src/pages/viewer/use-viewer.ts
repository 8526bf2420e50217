import { useCallback, useEffect, useRef, useState } from "react";
import { Fault } from "../../api/fault";
import type { ViewerTicket } from "../../api/schema.gen";
import type { Level, Viewer, ViewerState } from "../../viewer/state";
import { createViewer } from "../../viewer/viewer";

export interface UseViewer {
  /** Give this to the canvas. A canvas is used for one connection; another try takes a new one. */
  canvas: (element: HTMLCanvasElement | null) => void;
  state: ViewerState;
  viewer: Viewer | undefined;
  ticket: ViewerTicket | undefined;
  /** Why the server refused, in its own words. */
  fault: Fault | undefined;
}

const before: ViewerState = {
  phase: "connecting",
  displays: [],
  level: "control",
  controlling: false,
  fps: 0,
  width: 0,
  height: 0,
};

/** Joins the viewer core to React: it lives as long as its canvas does. */
export function useViewer(options: {
  /** The most that is asked for. */
  level: Level;
  ask: (commitment: string, level: Level) => Promise<ViewerTicket>;
  onLeave: () => void;
}): UseViewer {
  const [element, setElement] = useState<HTMLCanvasElement | null>(null);
  const [state, setState] = useState(before);
  const [viewer, setViewer] = useState<Viewer>();
  const [ticket, setTicket] = useState<ViewerTicket>();
  const [fault, setFault] = useState<Fault>();
  const latest = useRef(options);
  latest.current = options;

  useEffect(() => {
    if (!element) return;
    let open: ViewerTicket | undefined;
    let { phase } = before;
    const made = createViewer({
      canvas: element,
      level: latest.current.level,
      onState: (now) => {
        phase = now.phase;
        setState(now);
      },
      onLeave: () => latest.current.onLeave(),
      connect: async (commitment, level) => {
        try {
          open = await latest.current.ask(commitment, level);
        } catch (error) {
          if (error instanceof Fault) setFault(error);
          throw error;
        }
        setTicket(open);
        setFault(undefined);
        return { ...open, relayUrl: open.relayPath };
      },
    });
    setViewer(made);
    // Once the relay is reached, the server sees by that connection that the view has closed.
    const goodbye = () => {
      if (open && phase === "connecting") leave(open);
    };
    window.addEventListener("pagehide", goodbye);
    return () => {
      window.removeEventListener("pagehide", goodbye);
      made.dispose();
      goodbye();
      setViewer(undefined);
      setState(before);
      setTicket(undefined);
      setFault(undefined);
    };
  }, [element]);

  return { canvas: useCallback(setElement, []), state, viewer, ticket, fault };
}

/** Tells the server that this view is closed, also while the page goes away. */
function leave({ sessionId, viewerId }: ViewerTicket): void {
  const path = `/api/sessions/${encodeURIComponent(sessionId)}/viewers/${encodeURIComponent(viewerId)}`;
  fetch(path, { method: "DELETE", keepalive: true }).catch(() => {});
}
