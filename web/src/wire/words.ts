// Matching words: docs/protocol.md, "Matching words". The Go twin is secure/words.go. The lists are written by
// scripts/gen-words.mjs; only the one that is needed is loaded.

const lists = {
  en: () => import("./words/en.gen"),
  es: () => import("./words/es.gen"),
  fr: () => import("./words/fr.gen"),
  it: () => import("./words/it.gen"),
  pt: () => import("./words/pt.gen"),
};

/** The language of the list for people who speak the language (BCP 47): theirs where there is a list, English otherwise. */
export function wordLanguage(language: string): keyof typeof lists {
  const base = language.toLowerCase().split(/[-_]/)[0]!;
  return Object.hasOwn(lists, base) ? (base as keyof typeof lists) : "en";
}

/** The two words that both people must see. bits: Keys.wordBits. */
export async function matchingWords(bits: number, language: string): Promise<[string, string]> {
  const list = (await lists[wordLanguage(language)]()).default.trim().split(/\s+/);
  return [list[bits >>> 21]!, list[(bits >>> 10) & 2047]!];
}
