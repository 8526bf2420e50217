import { fold } from "../../i18n/fold";

// Finds by what somebody half remembers: every word that is typed must be somewhere, and where it is decides the order.

export interface Named {
  /** What is shown. */
  name: string;
  /** What else one may look for. */
  words?: string;
}

const split = (text: string) =>
  fold(text)
    .split(/[\s·.,:;/()_-]+/)
    .filter(Boolean);

/** How well a thing fits; undefined: not at all. */
export function score(thing: Named, search: string): number | undefined {
  const wanted = split(search);
  const name = fold(thing.name);
  const inName = split(thing.name);
  const others = split(thing.words ?? "");
  let sum = 0;
  for (const word of wanted) {
    const fit = Math.max(
      name.startsWith(word) ? 100 : 0,
      inName.some((one) => one.startsWith(word)) ? 80 : 0,
      others.some((one) => one.startsWith(word)) ? 60 : 0,
      name.includes(word) ? 50 : 0,
      others.some((one) => one.includes(word)) ? 30 : 0,
      word.length > 1 && initials(inName).includes(word) ? 25 : 0,
      word.length > 2 && inName.some((one) => sequence(one, word)) ? 10 : 0,
    );
    if (fit === 0) return undefined;
    sum += fit;
  }
  return sum / Math.max(1, wanted.length);
}

const initials = (words: string[]) => words.map((one) => one[0]).join("");

/** Whether the letters come in this order, from the first one on: "rcptn" in "reception". */
function sequence(text: string, letters: string): boolean {
  if (text[0] !== letters[0]) return false;
  let at = 0;
  for (const letter of text) if (letter === letters[at]) at++;
  return at === letters.length;
}

/** The things that fit, the best first; what fits alike stays in its order. */
export function find<T extends Named>(things: readonly T[], search: string): T[] {
  return things
    .map((thing) => ({ thing, fit: score(thing, search) }))
    .filter((one) => one.fit !== undefined)
    .sort((a, b) => b.fit! - a.fit!)
    .map((one) => one.thing);
}
