import { lazy, Suspense } from "react";
import { useTranslation } from "react-i18next";
import type { Session } from "../../api/sessions";
import { ahead } from "../../components/ahead";
import { Dialog } from "../../components/dialog";
import { useKept } from "../../components/use-kept";
import { sessionName } from "./session-cells";

const AgentForm = lazy(ahead(() => import("./agent-forms")));

/** What another agent is chosen for. */
export type ForAgent = "invite" | "transfer";

/** Chooses another agent: to join a session, or to have it. */
export function AgentDialog(props: { what: ForAgent; session: Session | undefined; onClose: () => void }) {
  const { t } = useTranslation();
  const session = useKept(props.session);
  if (!session) return null;
  const name = sessionName(session);
  return (
    <Dialog
      opened={props.session !== undefined}
      onClose={props.onClose}
      size={460}
      title={props.what === "invite" ? t("colleague.inviteTitle", { name }) : t("colleague.transferTitle", { name })}
    >
      <Suspense>
        <AgentForm key={session.id} what={props.what} session={session} onClose={props.onClose} />
      </Suspense>
    </Dialog>
  );
}
