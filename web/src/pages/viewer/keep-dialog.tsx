import { useTranslation } from "react-i18next";
import { useMe } from "../../api/me";
import { ConfirmDialog } from "../../components/confirm-dialog";

/** Nothing is sent to the server, so that nothing can be refused here: the answer comes from the end-user. */
const act = { error: null, isPending: false, reset: () => {} };

/** Says what the end-user is going to be asked. */
export function KeepDialog(props: { name: string | undefined; onConfirm: () => void; onClose: () => void }) {
  const { t } = useTranslation();
  const me = useMe();
  return (
    <ConfirmDialog
      about={props.name}
      title={(name) => t("keep.title", { name })}
      text={() => t("keep.text", { agent: me.name })}
      button={t("keep.askNow")}
      harmless
      act={act}
      onConfirm={(_name, close) => {
        props.onConfirm();
        close();
      }}
      onClose={props.onClose}
    />
  );
}
