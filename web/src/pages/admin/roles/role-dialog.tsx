import { Button, Checkbox, Modal, TextInput } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import { type FormEvent, useState } from "react";
import { useTranslation } from "react-i18next";
import { useMe } from "../../../api/me";
import { type Permission, type Role, useSaveRole } from "../../../api/roles";
import { DialogButtons } from "../../../components/dialog-buttons";
import { useKept } from "../../../components/use-kept";
import { ElsewhereFault, useFieldFault } from "../agents/agent-fields";
import { groups, toggle } from "./permissions";
import { useRoleName } from "./role-name";
import classes from "./roles.module.css";

/** Makes a role (one without an id), or changes it. */
export function RoleDialog(props: { role: Role | undefined; onClose: () => void }) {
  const { t } = useTranslation();
  const roleName = useRoleName();
  const role = useKept(props.role);
  if (!role) return null;
  return (
    <Modal
      opened={props.role !== undefined}
      onClose={props.onClose}
      size={620}
      title={role.id ? t("roles.editTitle", { name: roleName(role.id, role.name) }) : t("roles.addTitle")}
      closeButtonProps={{ "aria-label": t("action.close") }}
    >
      <RoleForm key={role.id} role={role} onClose={props.onClose} />
    </Modal>
  );
}

function RoleForm({ role, onClose }: { role: Role; onClose: () => void }) {
  const { t } = useTranslation();
  const me = useMe();
  const save = useSaveRole();
  const fault = useFieldFault(save.error);
  const [name, setName] = useState(role.name);
  const [permissions, setPermissions] = useState<Permission[]>(role.permissions);
  const [missing, setMissing] = useState(false);
  const builtIn = role.id !== "" && role.name === "";
  const submit = (event: FormEvent) => {
    event.preventDefault();
    const nameless = !builtIn && name.trim() === "";
    setMissing(nameless);
    if (nameless) return;
    save.mutate(
      { id: role.id || undefined, body: { name, permissions } },
      {
        onSuccess: () => {
          notifications.show({ message: t("roles.saved") });
          onClose();
        },
      },
    );
  };
  return (
    <form onSubmit={submit} noValidate className={classes.form}>
      <ElsewhereFault error={save.error} fields={["name"]} />
      {!builtIn && (
        <TextInput
          label={t("roles.name")}
          description={t("roles.nameText")}
          value={name}
          onChange={(event) => setName(event.currentTarget.value)}
          error={missing ? t("roles.nameMissing") : fault("name")}
          maxLength={60}
          autoComplete="off"
          data-autofocus
        />
      )}
      <div className={classes.groups}>
        {groups.map((group) => (
          <fieldset key={group.key} className={classes.group}>
            <legend>{t(`permissionGroup.${group.key}`)}</legend>
            {group.permissions.map((permission) => (
              <Checkbox
                key={permission}
                size="xs"
                label={t(`permission.${permission}`)}
                checked={permissions.includes(permission)}
                disabled={!me.permissions.includes(permission)}
                onChange={() => setPermissions(toggle(permissions, permission))}
              />
            ))}
          </fieldset>
        ))}
      </div>
      {role.agents > 0 && <p className={classes.hint}>{t("roles.atOnce")}</p>}
      <DialogButtons>
        <Button onClick={onClose}>{t("action.cancel")}</Button>
        <Button type="submit" variant="filled" loading={save.isPending}>
          {role.id ? t("action.save") : t("roles.add")}
        </Button>
      </DialogButtons>
    </form>
  );
}
