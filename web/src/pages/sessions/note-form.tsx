import { Button, Textarea } from "@mantine/core";
import { type FormEvent, type KeyboardEvent, useState } from "react";
import { useTranslation } from "react-i18next";
import { type Session, useSetNote } from "../../api/sessions";
import { Banner, FaultBanner } from "../../components/banner";
import { DialogButtons } from "../../components/dialog-buttons";

/** What is written on a session, by one agent or several at once. */
export default function NoteForm({ session, onClose }: { session: Session; onClose: () => void }) {
  const { t } = useTranslation();
  const [note, setNote] = useState(session.note);
  const [begun] = useState(session.note); // what this agent changes
  const changed = session.note !== begun && session.note !== note.trim();
  const save = useSetNote();
  const submit = (event?: FormEvent) => {
    event?.preventDefault();
    save.mutate({ id: session.id, note: note.trim() }, { onSuccess: onClose });
  };
  const keys = (event: KeyboardEvent) => {
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) submit();
  };
  return (
    <form onSubmit={submit}>
      <Textarea
        label={t("note.label")}
        description={t("note.description")}
        value={note}
        onChange={(event) => setNote(event.currentTarget.value)}
        onKeyDown={keys}
        maxLength={10_000}
        rows={6}
        data-autofocus
      />
      {changed && (
        <Banner
          action={
            <Button size="compact-sm" variant="subtle" onClick={() => setNote(session.note)}>
              {t("note.takeTheirs")}
            </Button>
          }
        >
          {t("note.changed", { name: session.noteBy ?? "" })}
        </Banner>
      )}
      {save.error && <FaultBanner error={save.error} />}
      <DialogButtons>
        <Button onClick={onClose}>{t("action.cancel")}</Button>
        <Button type="submit" variant="filled" loading={save.isPending}>
          {t("action.save")}
        </Button>
      </DialogButtons>
    </form>
  );
}
