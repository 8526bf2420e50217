// Names that a program gives its terminal come from the other side: they are text, short and without tricks.

const longest = 80;

// Controls, what turns the direction of writing or joins invisibly, and what marks a place without being seen.
const tricks = /[\p{Cc}\p{Cf}\p{Co}\p{Cn}\u2028\u2029]+/gu;

/** What is shown of a title; "" when nothing is left. */
export function cleanTitle(title: string): string {
  const text = title
    .slice(0, 4 * longest)
    .replace(tricks, " ")
    .replace(/\s+/gu, " ")
    .trim();
  const letters = [...text];
  return letters.length > longest
    ? `${letters
        .slice(0, longest - 1)
        .join("")
        .trimEnd()}…`
    : text;
}
