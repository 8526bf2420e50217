import type { Viewer, ViewerOptions, ViewerState } from "../src/viewer/state";

// A viewer without anybody at the other side, for work on the page around it: ?phase=asking|live|reconnecting|ended…

export function createViewer({ canvas, connect, onState }: ViewerOptions): Viewer {
  const params = new URLSearchParams(location.search);
  const phase = (params.get("phase") ?? "live") as ViewerState["phase"];
  let state: ViewerState = {
    phase: "connecting",
    displays: [
      { id: 1, name: "DP-1", x: 0, y: 0, width: 1920, height: 1080, primary: true },
      { id: 2, name: "HDMI-1", x: 1920, y: 0, width: 1280, height: 1024, primary: false },
    ],
    selectedDisplay: 1,
    level: "control",
    controlling: false,
    fps: 0,
    width: 0,
    height: 0,
  };
  const set = (change: Partial<ViewerState>) => {
    state = { ...state, ...change };
    onState(state);
  };
  const resize = () => {
    const box = canvas.parentElement!;
    const factor = Math.min(box.clientWidth / canvas.width, box.clientHeight / canvas.height);
    canvas.style.width = `${canvas.width * factor}px`;
    canvas.style.height = `${canvas.height * factor}px`;
  };
  const observer = new ResizeObserver(resize);
  observer.observe(canvas.parentElement!);
  void connect("commitment", "control").then(() => {
    if (phase === "connecting") return;
    const words = { words: ["lantern", "orchard"] as const };
    if (phase === "asking") {
      set({ phase, ...words, secondsLeft: 24 });
      return;
    }
    draw(canvas);
    resize();
    set({
      phase,
      ...words,
      reason: phase === "ended" ? (params.get("reason") ?? "ended-by-end-user") : undefined,
      noPictureReason: params.get("no-picture") ?? undefined,
      controlling: phase === "live",
      mayKeep: true,
      delayMs: 34.2,
      fps: 28,
      width: canvas.width,
      height: canvas.height,
    });
  });
  return {
    dispose: () => observer.disconnect(),
    setScale: resize,
    selectDisplay: (id) => set({ selectedDisplay: id }),
    wish: () => {},
    keep: () => {
      set({ keep: { state: "asking", secondsLeft: 30 } });
      setTimeout(() => set({ keep: { state: "done", reach: "always", computerId: "computer-0" } }), 3000);
    },
    setControl: (on) => set({ controlling: on }),
    ctrlAltDel: () => {},
    typeText: () => {},
    releaseAll: () => {},
    focus: () => canvas.focus(),
  };
}

/** A desktop with a window on it. */
function draw(canvas: HTMLCanvasElement): void {
  canvas.width = 1920;
  canvas.height = 1080;
  const g = canvas.getContext("2d")!;
  const box = (color: string, x: number, y: number, w: number, h: number) => {
    g.fillStyle = color;
    g.fillRect(x, y, w, h);
  };
  box("#2b4a63", 0, 0, 1920, 1080);
  box("#1c2f3f", 0, 1036, 1920, 44);
  box("#f7f7f5", 420, 180, 1080, 640);
  box("#dfe3e6", 420, 180, 1080, 38);
  g.fillStyle = "#24313c";
  g.font = "20px sans-serif";
  g.fillText("Invoice 2026-118 – Writer", 440, 206);
  for (let line = 0; line < 16; line++) box("#c4cad0", 500, 270 + line * 32, 420 + ((line * 173) % 460), 10);
}
