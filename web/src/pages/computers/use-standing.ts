import { useRef } from "react";
import type { Computer } from "../../api/computers";

const standsAs = (a: Computer, b: Computer) =>
  a.groupId === b.groupId && a.visibility === b.visibility && a.owner.id === b.owner.id;

/**
 * The computers as they were when one was last added, removed or put elsewhere: what depends on their places alone is not made anew each time that one of
 * ten thousand comes or goes.
 */
export function useStanding(computers: Computer[]): Computer[] {
  const was = useRef(computers);
  const old = was.current;
  const same = old.length === computers.length && computers.every((c, i) => c === old[i] || standsAs(c, old[i]!));
  if (!same) was.current = computers;
  return was.current;
}
