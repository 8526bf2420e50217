import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";

// Every catalogue has the same keys with the same placeholders, each key the plurals of its own language, and no key is
// left that nothing shows.

const here = fileURLToPath(new URL(".", import.meta.url));
const src = join(here, "..");
const tags = ["de", "en", "es", "fr", "it", "pt"];
const plural = /_(zero|one|two|few|many|other)$/;

function flatten(value: object, path = ""): [string, string][] {
  return Object.entries(value).flatMap(([key, child]) =>
    typeof child === "string" ? [[path + key, child] as [string, string]] : flatten(child, `${path}${key}.`),
  );
}

const parts = readdirSync(join(here, "en")).sort();
const read = (tag: string, part: string) => JSON.parse(readFileSync(join(here, tag, part), "utf8")) as object;
const catalogues = Object.fromEntries(tags.map((tag) => [tag, parts.flatMap((part) => flatten(read(tag, part)))]));
const english = new Map(catalogues.en);
const bases = (entries: [string, string][]) => [...new Set(entries.map(([key]) => key.replace(plural, "")))].sort();
const placeholders = (text: string) => [...text.matchAll(/\{\{(\w+)\}\}/g)].map((m) => m[1]).sort();

/** Words that would be a second name for what has one: German has Anwender, Kennwort and Tags, Italian says tu, Portuguese is Brazil's. */
const strangers: Record<string, RegExp> = {
  de: /End(anwender|benutzer)|Passw[oö]rt|Schlagw[oö]rt|Fern(wartung|unterstützung)/i,
  es: /soporte remoto/i,
  it: /etichett|politica|revoc|presidiat|in linea\b|(l’|un |gli )utent[ei]\b(?! final)|inserisca|scelga|chieda\b|riprovi\b|acceda/i,
  pt: /utilizador|ficheiro|ecrã|controlo|registo|palavras?-passe|ligaç(ão|ões)|consolas?\b|guardad[ao]s?\b(?!, que)|demasiad|anotaç|logótipo|assistência remota/i,
};

/** The English text that a key translates. */
const original = (key: string) => english.get(key) ?? english.get(key.replace(plural, "_other"));

describe.each(tags)("%s", (tag) => {
  const entries = catalogues[tag]!;

  test("has all keys and no other", () => {
    expect(bases(entries)).toEqual(bases(catalogues.en!));
  });

  test("has the plurals of its language", () => {
    const wanted = new Intl.PluralRules(tag).resolvedOptions().pluralCategories.toSorted();
    for (const base of bases(entries)) {
      const forms = entries.map(([key]) => key).filter((key) => key.replace(plural, "") === base && key !== base);
      if (forms.length > 0) expect(forms.map((key) => key.match(plural)?.[1]).sort(), base).toEqual(wanted);
    }
  });

  test("has the placeholders of the English text", () => {
    for (const [key, text] of entries) expect(placeholders(text), key).toEqual(placeholders(original(key) ?? ""));
  });

  test("names a thing as the rest of the language does", () => {
    for (const [key, text] of entries) if (strangers[tag]) expect(text, key).not.toMatch(strangers[tag]);
  });

  test("has no empty text, no markup and no straight apostrophe", () => {
    for (const [key, text] of entries) {
      expect(text.trim(), key).toBe(text);
      expect(text, key).not.toMatch(/^$|[<>']/);
    }
  });
});

test.each(tags)("%s loads all parts, and has no other", (tag) => {
  expect(readdirSync(join(here, tag)).sort()).toEqual(parts);
  const code = ["ts", "rest.ts"].map((end) => readFileSync(join(here, `${tag}.${end}`), "utf8")).join("\n");
  for (const part of parts) expect(code.split(`from "./${tag}/${part}"`), part).toHaveLength(2);
});

test("every key is shown somewhere", () => {
  const files = readdirSync(src, { recursive: true, encoding: "utf8" }).filter(
    (name) => /\.tsx?$/.test(name) && !/\.test\.tsx?$|^(viewer|wire|test)\//.test(name),
  );
  const code = files.map((name) => readFileSync(join(src, name), "utf8")).join("\n");
  const literal = new Set([...code.matchAll(/["'`]([a-zA-Z]+\.[\w.-]+)["'`]/g)].map((m) => m[1]));
  const groups = [...code.matchAll(/\bt\(\s*`((?:[a-zA-Z]+\.)+)\$\{/g)].map((m) => m[1]!);
  const unused = bases(catalogues.en!).filter(
    (key) => !literal.has(key) && !groups.some((group) => key.startsWith(group)),
  );
  expect(unused).toEqual([]);
});
