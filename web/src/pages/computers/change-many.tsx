import { Button, Select, TagsInput } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { type FormEvent, type ReactNode, useState } from "react";
import { useTranslation } from "react-i18next";
import { colleaguesQuery } from "../../api/calls";
import { type Computer, useUpdateComputers } from "../../api/computers";
import { useMe } from "../../api/me";
import { FaultBanner } from "../../components/banner";
import { Dialog } from "../../components/dialog";
import { DialogButtons } from "../../components/dialog-buttons";
import { useKept } from "../../components/use-kept";
import classes from "./computers.module.css";
import type { Doing } from "./doing";

interface ManyProps {
  doing: Doing | undefined;
  onClose: () => void;
  onDone: () => void;
}

/** Changes the tags, or the owner, of several computers. */
export function ChangeMany({ doing, onClose, onDone }: ManyProps) {
  const { t } = useTranslation();
  const now = doing?.what === "tags" || doing?.what === "owner" ? doing : undefined;
  const kept = useKept(now);
  if (!kept) return null;
  const form = { computers: kept.computers, onClose, onDone };
  return (
    <Dialog
      opened={now !== undefined}
      onClose={onClose}
      size={440}
      title={t(kept.what === "tags" ? "computers.tagsTitle" : "computers.ownerTitle", {
        count: kept.computers.length,
        name: kept.computers[0]?.name ?? "",
      })}
    >
      {kept.what === "tags" ? <TagsForm {...form} /> : <OwnerForm {...form} />}
    </Dialog>
  );
}

interface FormProps {
  computers: Computer[];
  onClose: () => void;
  onDone: () => void;
}

function TagsForm({ computers, ...props }: FormProps) {
  const { t } = useTranslation();
  const there = [...new Set(computers.flatMap((c) => c.tags))];
  const [add, setAdd] = useState<string[]>([]);
  const [remove, setRemove] = useState<string[]>([]);
  const tagsOf = (c: Computer) => [...new Set([...c.tags.filter((tag) => !remove.includes(tag)), ...add])];
  return (
    <ChangeForm
      {...props}
      nothing={add.length + remove.length === 0}
      changes={() => computers.map((c) => ({ id: c.id, change: { tags: tagsOf(c) } }))}
    >
      <TagsInput
        label={t("computers.tagsAdd")}
        description={t("computers.tagsText")}
        value={add}
        onChange={setAdd}
        maxTags={20}
        data-autofocus
      />
      {there.length > 0 && (
        <TagsInput
          label={t("computers.tagsRemove")}
          data={there}
          value={remove}
          onChange={(tags) => setRemove(tags.filter((tag) => there.includes(tag)))}
        />
      )}
    </ChangeForm>
  );
}

function OwnerForm({ computers, ...props }: FormProps) {
  const { t } = useTranslation();
  const me = useMe();
  const { data: colleagues } = useQuery(colleaguesQuery);
  const [owner, setOwner] = useState<string | null>(null);
  const people = [me, ...(colleagues ?? []).filter((c) => c.id !== me.id)];
  return (
    <ChangeForm
      {...props}
      nothing={!owner}
      changes={() => computers.flatMap((c) => (owner ? [{ id: c.id, change: { ownerId: owner } }] : []))}
    >
      <Select
        label={t("column.owner")}
        description={t("computers.ownerText")}
        placeholder={t("computers.ownerChoose")}
        data={people.map((one) => ({ value: one.id, label: one.name }))}
        value={owner}
        onChange={setOwner}
        searchable
        data-autofocus
      />
    </ChangeForm>
  );
}

function ChangeForm(props: {
  nothing: boolean;
  changes: () => { id: string; change: { tags?: string[]; ownerId?: string } }[];
  onClose: () => void;
  onDone: () => void;
  children: ReactNode;
}) {
  const { t } = useTranslation();
  const update = useUpdateComputers();
  const submit = (event: FormEvent) => {
    event.preventDefault();
    update.mutate(props.changes(), {
      onSuccess: () => {
        props.onClose();
        props.onDone();
      },
    });
  };
  return (
    <form onSubmit={submit} noValidate className={classes.form}>
      {update.error && <FaultBanner error={update.error} />}
      {props.children}
      <DialogButtons>
        <Button onClick={props.onClose}>{t("action.cancel")}</Button>
        <Button type="submit" variant="filled" disabled={props.nothing} loading={update.isPending}>
          {t("action.save")}
        </Button>
      </DialogButtons>
    </form>
  );
}
