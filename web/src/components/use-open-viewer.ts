import type { MouseEvent } from "react";
import { type NavigateFunction, useNavigate } from "react-router";

/** What makes a button open a viewer: in this tab, or in a new one with a modifier or the middle button, as a link would. What this tab keeps for itself is not copied. */
export function useOpenViewer(path: string) {
  return opensViewer(useNavigate(), path);
}

/** The same without a hook, for a row of many. */
export function opensViewer(navigate: NavigateFunction, path: string) {
  return {
    onClick: (event: MouseEvent) => {
      if (event.ctrlKey || event.metaKey || event.shiftKey) window.open(path, "_blank", "noopener");
      else navigate(path, { flushSync: true });
    },
    onAuxClick: (event: MouseEvent) => {
      if (event.button === 1) window.open(path, "_blank", "noopener");
    },
  };
}
