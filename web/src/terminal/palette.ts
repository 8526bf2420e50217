// A terminal's colours, from the console's tokens (theme/tokens.css), so that light and dark are the same ones as around it.

import type { ITheme } from "@xterm/xterm";

const ansi = ["black", "red", "green", "yellow", "blue", "magenta", "cyan", "white"] as const;
const bright = [
  "brightBlack",
  "brightRed",
  "brightGreen",
  "brightYellow",
  "brightBlue",
  "brightMagenta",
  "brightCyan",
  "brightWhite",
] as const;

/** What the tokens say now; element: somewhere in the document. */
export function readPalette(element: Element): ITheme & { foreground: string; background: string } {
  const style = getComputedStyle(element);
  const token = (name: string) => style.getPropertyValue(`--term-${name}`).trim();
  const named = ansi.map((name) => [name, token(name)] as const);
  const lively = bright.map((name, i) => [name, token(`bright-${ansi[i]}`)] as const);
  return {
    foreground: token("text"),
    background: token("ground"),
    cursor: token("cursor"),
    cursorAccent: token("ground"),
    selectionBackground: token("selection"),
    selectionInactiveBackground: token("selection"),
    scrollbarSliderBackground: token("slider"),
    scrollbarSliderHoverBackground: token("slider-hover"),
    scrollbarSliderActiveBackground: token("slider-hover"),
    ...Object.fromEntries([...named, ...lively]),
  };
}

/** The colours of what a search finds, "#rrggbb" as the search wants them. */
export function readMarks(element: Element) {
  const style = getComputedStyle(element);
  const found = style.getPropertyValue("--term-found").trim();
  const chosen = style.getPropertyValue("--term-chosen").trim();
  return {
    matchBackground: found,
    matchOverviewRuler: found,
    activeMatchBackground: chosen,
    activeMatchColorOverviewRuler: chosen,
  };
}
