import { Button, Modal } from "@mantine/core";
import { useTranslation } from "react-i18next";
import { type Role, useRemoveRole } from "../../../api/roles";
import { FaultBanner } from "../../../components/banner";
import { DialogButtons } from "../../../components/dialog-buttons";
import { useKept } from "../../../components/use-kept";

/** Asks before a role that nobody has is removed. */
export function RemoveRole(props: { role: Role | undefined; onClose: () => void }) {
  const { t } = useTranslation();
  const remove = useRemoveRole();
  const role = useKept(props.role);
  if (!role) return null;
  const close = () => {
    remove.reset();
    props.onClose();
  };
  return (
    <Modal
      opened={props.role !== undefined}
      onClose={close}
      size={420}
      title={t("roles.removeTitle", { name: role.name })}
      closeButtonProps={{ "aria-label": t("action.close") }}
    >
      <p>{t("roles.removeText")}</p>
      {remove.error && <FaultBanner error={remove.error} />}
      <DialogButtons>
        <Button onClick={close} data-autofocus>
          {t("action.cancel")}
        </Button>
        <Button
          variant="filled"
          color="bad"
          loading={remove.isPending}
          onClick={() => remove.mutate(role.id, { onSuccess: close })}
        >
          {t("roles.remove")}
        </Button>
      </DialogButtons>
    </Modal>
  );
}
