import { useTranslation } from "react-i18next";
import { type Session, useEndSession } from "../../api/sessions";
import { ConfirmDialog } from "../../components/confirm-dialog";
import { sessionName } from "./session-cells";

/** Asks before a session is ended for everybody in it. */
export function EndDialog(props: { session: Session | undefined; onClose: () => void; onEnded?: () => void }) {
  const { t } = useTranslation();
  const end = useEndSession();
  return (
    <ConfirmDialog
      about={props.session}
      title={(session) => t("end.title", { name: sessionName(session) })}
      text={(session) => t("end.text", { computer: session.computer })}
      button={t("end.end")}
      act={end}
      onConfirm={(session, close) =>
        end.mutate(session.id, {
          onSuccess: () => {
            close();
            props.onEnded?.();
          },
        })
      }
      onClose={props.onClose}
    />
  );
}
