import { Button, Textarea } from "@mantine/core";
import { type FormEvent, type KeyboardEvent, useState } from "react";
import { useTranslation } from "react-i18next";
import { type Session, useSetNote } from "../../api/sessions";
import { Banner, FaultBanner } from "../../components/banner";
import { Dialog } from "../../components/dialog";
import { DialogButtons } from "../../components/dialog-buttons";
import { useKept } from "../../components/use-kept";
import { sessionName } from "./session-cells";

/** The note on a session, which goes into its log. */
export function NoteDialog(props: { session: Session | undefined; onClose: () => void }) {
  const { t } = useTranslation();
  const session = useKept(props.session);
  if (!session) return null;
  return (
    <Dialog
      opened={props.session !== undefined}
      onClose={props.onClose}
      size={480}
      title={t("note.title", { name: sessionName(session) })}
    >
      <NoteForm key={session.id} session={session} onClose={props.onClose} />
    </Dialog>
  );
}

function NoteForm({ session, onClose }: { session: Session; onClose: () => void }) {
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
