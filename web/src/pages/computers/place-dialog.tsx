import { Button, Select } from "@mantine/core";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import type { Computer } from "../../api/computers";
import { useMe } from "../../api/me";
import { Dialog } from "../../components/dialog";
import { DialogButtons } from "../../components/dialog-buttons";
import { useKept } from "../../components/use-kept";
import type { Doing } from "./doing";
import { OTHERS, type Place, pathOf, within } from "./tree";

/** Asks where computers are to stand: what dragging does, for who uses keys or a small screen. */
export function PlaceDialog(props: {
  doing: Doing | undefined;
  roots: Place[];
  onClose: () => void;
  onDo: (doing: Doing) => void;
}) {
  const { t } = useTranslation();
  const computers = useKept(props.doing?.what === "place" ? props.doing.computers : undefined);
  if (!computers) return null;
  return (
    <Dialog
      opened={props.doing?.what === "place"}
      onClose={props.onClose}
      size={440}
      title={t("computers.moveTitle", { count: computers.length, name: computers[0]?.name ?? "" })}
    >
      <PlaceForm key={computers.map((c) => c.id).join()} computers={computers} {...props} />
    </Dialog>
  );
}

function PlaceForm(props: {
  computers: Computer[];
  roots: Place[];
  onClose: () => void;
  onDo: (doing: Doing) => void;
}) {
  const { computers, roots, onClose, onDo } = props;
  const { t } = useTranslation();
  const me = useMe();
  const own = computers.every((c) => c.owner.id === me.id);
  // Who sees a computer is its owner's to say.
  const places = roots
    .flatMap(within)
    .filter((one) => one.id !== OTHERS && (own || computers.every((c) => c.visibility === one.visibility)));
  const [chosen, setChosen] = useState<string | null>(null);
  const to = places.find((one) => one.id === chosen);
  return (
    <>
      <Select
        label={t("computers.moveTo")}
        placeholder={t("computers.movePlace")}
        data={places.map((one) => ({ value: one.id, label: pathOf(one).join(" › ") }))}
        value={chosen}
        onChange={setChosen}
        searchable
        data-autofocus
        nothingFoundMessage={t("groups.nothingFound")}
        description={own ? undefined : t("computers.moveOthers")}
      />
      <DialogButtons>
        <Button onClick={onClose}>{t("action.cancel")}</Button>
        <Button
          variant="filled"
          disabled={!to}
          onClick={() => {
            onClose();
            if (to) onDo({ what: "move", ids: computers.map((c) => c.id), to });
          }}
        >
          {t("computers.move")}
        </Button>
      </DialogButtons>
    </>
  );
}
