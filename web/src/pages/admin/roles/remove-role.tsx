import { useTranslation } from "react-i18next";
import { type Role, useRemoveRole } from "../../../api/roles";
import { ConfirmDialog } from "../../../components/confirm-dialog";

/** Asks before a role that nobody has is removed. */
export function RemoveRole({ role, onClose }: { role: Role | undefined; onClose: () => void }) {
  const { t } = useTranslation();
  const remove = useRemoveRole();
  return (
    <ConfirmDialog
      about={role}
      title={({ name }) => t("roles.removeTitle", { name })}
      text={() => t("roles.removeText")}
      button={t("roles.remove")}
      act={remove}
      onConfirm={({ id }, close) => remove.mutate(id, { onSuccess: close })}
      onClose={onClose}
    />
  );
}
