// The terminal that is seen is drawn by WebGL where the machine has a graphics card for it. A page keeps about 16 contexts, so no other one is.

import type { IDisposable, Terminal } from "@xterm/xterm";

let quick: boolean | undefined;

/** What draws with the processor in place of a card, by its own name. */
const slow = /swiftshader|llvmpipe|software|basic render/i;

/** Whether WebGL is quicker here than the document. */
export function isQuick(): boolean {
  if (quick === undefined) {
    if (typeof OffscreenCanvas === "undefined") return false;
    const context = new OffscreenCanvas(1, 1).getContext("webgl2", { failIfMajorPerformanceCaveat: true });
    const names = context?.getExtension("WEBGL_debug_renderer_info");
    quick =
      context !== null && !slow.test(String(context.getParameter(names?.UNMASKED_RENDERER_WEBGL ?? context.RENDERER)));
    context?.getExtension("WEBGL_lose_context")?.loseContext();
  }
  return quick;
}

/** Draws a terminal by WebGL until it is disposed of or the context is lost; the document takes over then. */
export function drawFast(terminal: Terminal): IDisposable {
  let over = false;
  let addon: IDisposable | undefined;
  const end = () => {
    over = true;
    addon?.dispose();
    addon = undefined;
  };
  const begin = async () => {
    if (!isQuick()) return;
    const { WebglAddon } = await import("@xterm/addon-webgl");
    if (over) return;
    const made = new WebglAddon();
    made.onContextLoss(end);
    terminal.loadAddon(made);
    addon = made;
  };
  begin().catch((error: unknown) => {
    console.warn("terminal: draw by WebGL:", error);
    end();
  });
  return { dispose: end };
}
