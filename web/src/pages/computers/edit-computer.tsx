import { Button, Select, TagsInput, Textarea, TextInput } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import { useQuery } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import { useTranslation } from "react-i18next";
import { colleaguesQuery } from "../../api/calls";
import { type Computer, useUpdateComputer } from "../../api/computers";
import { useMe } from "../../api/me";
import { FaultBanner } from "../../components/banner";
import { Dialog } from "../../components/dialog";
import { DialogButtons } from "../../components/dialog-buttons";
import { useKept } from "../../components/use-kept";
import classes from "./computers.module.css";
import type { Doing } from "./doing";

/** Changes a computer's name, tags, note and owner. */
export function EditComputer({ doing, onClose }: { doing: Doing | undefined; onClose: () => void }) {
  const { t } = useTranslation();
  const computer = useKept(doing?.what === "edit" ? doing.computer : undefined);
  if (!computer) return null;
  return (
    <Dialog
      opened={doing?.what === "edit"}
      onClose={onClose}
      size={460}
      title={t("computers.editTitle", { name: computer.name })}
    >
      <EditForm key={computer.id} computer={computer} onClose={onClose} />
    </Dialog>
  );
}

function EditForm({ computer, onClose }: { computer: Computer; onClose: () => void }) {
  const { t } = useTranslation();
  const me = useMe();
  const update = useUpdateComputer();
  const rules = computer.owner.id === me.id || me.role === "administrator";
  const { data: colleagues } = useQuery({ ...colleaguesQuery, enabled: rules });
  const [name, setName] = useState(computer.name);
  const [tags, setTags] = useState(computer.tags);
  const [note, setNote] = useState(computer.note);
  const [ownerId, setOwner] = useState(computer.owner.id);
  const owners = [
    { value: computer.owner.id, label: computer.owner.name },
    ...(computer.owner.id === me.id ? [] : [{ value: me.id, label: me.name }]),
    ...(colleagues ?? []).filter((c) => c.id !== computer.owner.id).map((c) => ({ value: c.id, label: c.name })),
  ];
  const submit = (event: FormEvent) => {
    event.preventDefault();
    const ruled = {
      ...(name === computer.name ? {} : { name }),
      ...(ownerId === computer.owner.id ? {} : { ownerId }),
    };
    update.mutate(
      { id: computer.id, change: { ...ruled, tags, note } },
      {
        onSuccess: () => {
          notifications.show({ message: t("computers.saved") });
          onClose();
        },
      },
    );
  };
  return (
    <form onSubmit={submit} noValidate className={classes.form}>
      {update.error && <FaultBanner error={update.error} />}
      <TextInput
        label={t("column.name")}
        value={name}
        maxLength={128}
        disabled={!rules}
        data-autofocus={rules || undefined}
        onChange={(event) => setName(event.currentTarget.value)}
      />
      <TagsInput
        label={t("computers.tags")}
        description={t("computers.tagsText")}
        value={tags}
        onChange={setTags}
        maxTags={20}
        clearable
      />
      <Textarea
        label={t("computers.note")}
        value={note}
        maxLength={2000}
        rows={4}
        onChange={(event) => setNote(event.currentTarget.value)}
      />
      {rules && (
        <Select
          label={t("column.owner")}
          description={t("computers.ownerText")}
          data={owners}
          value={ownerId}
          onChange={(id) => id && setOwner(id)}
          allowDeselect={false}
          searchable
        />
      )}
      <DialogButtons>
        <Button onClick={onClose}>{t("action.cancel")}</Button>
        <Button type="submit" variant="filled" loading={update.isPending}>
          {t("action.save")}
        </Button>
      </DialogButtons>
    </form>
  );
}
