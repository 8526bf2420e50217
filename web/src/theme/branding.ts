import type { Palette, Shades } from "../api/schema.gen";

// The operator's colours in place of the product's accent: the same tokens (tokens.css), which the server has made so that text
// can be read.

/** The tokens that follow from one scheme's shades. */
export function shadeVariables(shades: Shades): Record<string, string> {
  return {
    "--accent": shades.accent,
    "--accent-fill": shades.fill,
    "--accent-fill-hover": shades.fillHover,
    "--on-accent": shades.onFill,
    "--accent-soft": shades.soft,
    "--accent-soft-hover": shades.softHover,
    "--accent-on-soft": shades.onSoft,
  };
}

const rule = (selector: string, shades: Shades) =>
  `${selector}{${Object.entries(shadeVariables(shades))
    .map(([name, value]) => `${name}:${value}`)
    .join(";")}}`;

let sheet: CSSStyleSheet | undefined;

/** Draws the console in the operator's colours; without a palette in the product's own. */
export function applyPalette(palette: Palette | undefined): void {
  if (!sheet) {
    if (!palette || typeof CSSStyleSheet.prototype.replaceSync !== "function") return;
    sheet = new CSSStyleSheet();
    document.adoptedStyleSheets = [...document.adoptedStyleSheets, sheet];
  }
  sheet.replaceSync(
    palette
      ? rule(':root[data-mantine-color-scheme="light"]', palette.light) +
          rule(':root[data-mantine-color-scheme="dark"]', palette.dark)
      : "",
  );
}
