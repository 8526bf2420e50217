import { readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import first from "../locales/en";
import rest from "../locales/en.rest";

// The texts come in two parts. What the console begins with must do with the first: the login page, Remote Sessions and what is around
// every page, with all that they load and open.

const src = fileURLToPath(new URL("..", import.meta.url));
const begin = [
  "app.tsx",
  "require-login.tsx",
  "components/route-fault.tsx",
  "components/shell/shell.tsx",
  "pages/login.tsx",
  "pages/sessions/sessions.tsx",
];
/** Fetches all texts before it shows itself, as each other page does (routes.tsx). */
const apart = [
  "routes.tsx",
  "pages/admin/sections.ts",
  "components/commands/palette.tsx",
  "components/commands/shortcuts.tsx",
  "pages/viewer/viewer-page.tsx",
];

const flat = (value: object, path = ""): string[] =>
  Object.entries(value).flatMap(([key, child]) =>
    typeof child === "string"
      ? [path + key.replace(/_(zero|one|two|few|many|other)$/, "")]
      : flat(child, `${path}${key}.`),
  );
const early = new Set(flat(first));
const late = flat(rest).filter((key) => !early.has(key));

/** A file of ours and all that it loads, at once or later. */
function reach(file: string, met: Map<string, string>): void {
  const code = [file, `${file}.tsx`, `${file}.ts`].flatMap((name) => {
    try {
      return name.includes(".") ? [[name, readFileSync(join(src, name), "utf8")] as const] : [];
    } catch {
      return [];
    }
  })[0];
  if (!code || met.has(code[0]) || apart.includes(code[0]) || code[0].startsWith("locales/")) return;
  met.set(...code);
  for (const [, from] of code[1].matchAll(/(?:\bfrom|\bimport\() ?"(\.[^"]+)"/g)) {
    if (!/\.(css|json)$/.test(from!)) reach(join(dirname(code[0]), from!), met);
  }
}

test("what the console begins with needs no other texts", () => {
  const met = new Map<string, string>();
  for (const file of begin) reach(file, met);
  expect([...met.keys()]).toEqual(expect.arrayContaining(["pages/second-factor.tsx", "pages/sessions/note-form.tsx"]));
  const groups = [...new Set(late.map((key) => key.slice(0, key.lastIndexOf(".") + 1)))].filter(
    (group) => ![...early].some((key) => key.startsWith(group)),
  );
  for (const [file, code] of met) {
    const used = late.filter((key) => code.includes(`"${key}"`));
    const made = groups.filter((group) => code.includes(`t(\`${group}\${`));
    expect([...used, ...made], file).toEqual([]);
  }
});
