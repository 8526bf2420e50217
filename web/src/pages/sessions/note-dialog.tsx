import { lazy, Suspense } from "react";
import { useTranslation } from "react-i18next";
import type { Session } from "../../api/sessions";
import { ahead } from "../../components/ahead";
import { Dialog } from "../../components/dialog";
import { useKept } from "../../components/use-kept";
import { sessionName } from "./session-cells";

const NoteForm = lazy(ahead(() => import("./note-form")));

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
      <Suspense>
        <NoteForm key={session.id} session={session} onClose={props.onClose} />
      </Suspense>
    </Dialog>
  );
}
