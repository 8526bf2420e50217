import { Button } from "@mantine/core";
import { useTranslation } from "react-i18next";
import { type Session, useEndSession } from "../../api/sessions";
import { FaultBanner } from "../../components/banner";
import { Dialog } from "../../components/dialog";
import { DialogButtons } from "../../components/dialog-buttons";
import { useKept } from "../../components/use-kept";
import { sessionName } from "./session-cells";

/** Asks before a session is ended for everybody in it. */
export function EndDialog(props: { session: Session | undefined; onClose: () => void; onEnded?: () => void }) {
  const { t } = useTranslation();
  const end = useEndSession();
  const session = useKept(props.session);
  if (!session) return null;
  const close = () => {
    end.reset();
    props.onClose();
  };
  return (
    <Dialog
      opened={props.session !== undefined}
      onClose={close}
      size={420}
      title={t("end.title", { name: sessionName(session) })}
    >
      <p>{t("end.text", { computer: session.computer })}</p>
      {end.error && <FaultBanner error={end.error} />}
      <DialogButtons>
        <Button onClick={close} data-autofocus>
          {t("action.cancel")}
        </Button>
        <Button
          variant="filled"
          color="bad"
          loading={end.isPending}
          onClick={() =>
            end.mutate(session.id, {
              onSuccess: () => {
                props.onClose();
                props.onEnded?.();
              },
            })
          }
        >
          {t("end.end")}
        </Button>
      </DialogButtons>
    </Dialog>
  );
}
