import { TextInput } from "@mantine/core";
import { type CSSProperties, type KeyboardEvent, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { useCreateGroup, useUpdateGroup } from "../../api/computers";
import { useFaultText } from "../../components/fault-text";
import classes from "./group-tree.module.css";
import type { Place } from "./tree";

/** Where a group's name is typed: Enter keeps it, Escape leaves all as it was, so does going elsewhere with nothing typed. */
export function GroupName(props: { place?: Place; parent?: Place; depth: number; onDone: () => void }) {
  const { place, parent, depth, onDone } = props;
  const { t } = useTranslation();
  const faultText = useFaultText();
  const create = useCreateGroup();
  const update = useUpdateGroup();
  const [name, setName] = useState(place?.name ?? "");
  const over = useRef(false);
  const error = create.error ?? update.error;
  const busy = create.isPending || update.isPending;
  const keep = () => {
    const wanted = name.trim();
    if (over.current || busy) return;
    if (wanted === "" || wanted === place?.name) return leave();
    const done = { onSuccess: leave };
    if (place) update.mutate({ id: place.id, change: { name: wanted } }, done);
    else if (parent) create.mutate({ name: wanted, parentId: parent.groupId, visibility: parent.visibility }, done);
  };
  const leave = () => {
    over.current = true;
    onDone();
  };
  const keys = (event: KeyboardEvent) => {
    if (event.nativeEvent.isComposing) return;
    if (event.key === "Enter") keep();
    else if (event.key === "Escape") leave();
    else return;
    event.preventDefault();
    event.stopPropagation();
  };
  return (
    <div className={classes.naming} style={{ "--depth": depth } as CSSProperties}>
      <TextInput
        size="xs"
        autoFocus
        aria-label={t("groups.name")}
        placeholder={t("groups.name")}
        maxLength={80}
        value={name}
        error={error ? faultText(error).text : undefined}
        readOnly={busy}
        onChange={(event) => setName(event.currentTarget.value)}
        onFocus={(event) => event.currentTarget.select()}
        onKeyDown={keys}
        onBlur={() => !error && keep()}
      />
    </div>
  );
}
