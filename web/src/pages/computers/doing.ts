import type { Computer } from "../../api/computers";
import type { Place } from "./tree";

/** What is being done with computers or a group, in a dialog or after asking. */
export type Doing =
  | { what: "edit"; computer: Computer }
  | { what: "details"; computer: Computer }
  | { what: "wake"; computers: Computer[] }
  | { what: "tags"; computers: Computer[] }
  | { what: "owner"; computers: Computer[] }
  | { what: "takeOver"; computers: Computer[] }
  | { what: "place"; computers: Computer[] }
  | { what: "move"; ids: string[]; to: Place }
  | { what: "moveGroup"; id: string; to: Place }
  | { what: "remove"; computers: Computer[] }
  | { what: "removeGroup"; place: Place };
