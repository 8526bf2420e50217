import { memo } from "react";
import { AskFirst } from "./arrange";
import { ChangeMany } from "./change-many";
import type { Doing } from "./doing";
import { EditComputer } from "./edit-computer";
import { PlaceDialog } from "./place-dialog";
import type { Place } from "./tree";

/** All that asks something before it is done with computers or groups. */
export const ComputerDialogs = memo(function ComputerDialogs(props: {
  doing: Doing | undefined;
  roots: Place[];
  onClose: () => void;
  /** What was chosen is done with. */
  onDone: () => void;
  onDo: (doing: Doing) => void;
}) {
  const { doing, roots, onClose, onDone, onDo } = props;
  return (
    <>
      <EditComputer doing={doing} onClose={onClose} />
      <PlaceDialog doing={doing} roots={roots} onClose={onClose} onDo={onDo} />
      <ChangeMany doing={doing} onClose={onClose} onDone={onDone} />
      <AskFirst doing={doing} onClose={onClose} onDone={onDone} />
    </>
  );
});
