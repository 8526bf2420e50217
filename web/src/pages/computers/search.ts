import type { Computer } from "../../api/computers";
import { fold } from "../../i18n/fold";

/** What a search looks in, folded once for each computer that the server sent. */
const texts = new WeakMap<Computer, string>();
function textOf(c: Computer): string {
  let text = texts.get(c);
  if (text === undefined) {
    text = fold([c.name, c.userName, c.system, c.address, c.owner.name, ...c.tags, c.note].join("\n"));
    texts.set(c, text);
  }
  return text;
}

/** Keeps what holds every word of the search, in any of the fields that a person would look for or in the names of its groups. */
export function searchComputers(
  computers: Computer[],
  search: string,
  groupNames: (groupId: string) => string = () => "",
): Computer[] {
  const words = fold(search).split(/\s+/).filter(Boolean);
  if (words.length === 0) return computers;
  return computers.filter((c) =>
    words.every((word) => textOf(c).includes(word) || groupNames(c.groupId).includes(word)),
  );
}
