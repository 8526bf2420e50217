import { ActionIcon, Button, Menu, Tooltip } from "@mantine/core";
import { IconDots, IconPencil, IconShieldPlus, IconTrash } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { useMemo, useState } from "react";
import { useTranslation } from "react-i18next";
import { type Role, rolesQuery } from "../../../api/roles";
import { FaultBanner } from "../../../components/banner";
import { type Column, Grid } from "../../../components/grid/grid";
import { RowsSkeleton } from "../../../components/rows-skeleton";
import { useFormat } from "../../../i18n/format";
import { AdminPage } from "../admin-page";
import { RemoveRole } from "./remove-role";
import { RoleDialog } from "./role-dialog";
import { useRoleName } from "./role-name";
import classes from "./roles.module.css";

const rowId = (role: Role) => role.id;
const icon = { size: 16, stroke: 1.75, "aria-hidden": true } as const;

/** A role that is not made yet. */
const fresh: Role = { id: "", name: "", permissions: ["view", "control"], agents: 0, mightier: false };

/** Administration, Roles: what agents may do. */
export function RolesPage() {
  const { t } = useTranslation();
  const { data: roles, error, refetch } = useQuery(rolesQuery);
  const [edited, setEdited] = useState<Role>();
  const [removed, setRemoved] = useState<Role>();
  const columns = useColumns(setEdited, setRemoved);
  return (
    <AdminPage
      title="roles.title"
      tools={
        roles && (
          <>
            <span className={classes.space} />
            <Button
              variant="filled"
              leftSection={<IconShieldPlus size={16} stroke={1.75} aria-hidden />}
              onClick={() => setEdited(fresh)}
            >
              {t("roles.add")}
            </Button>
          </>
        )
      }
    >
      {error && !roles && (
        <div className={classes.pad}>
          <FaultBanner error={error} retry={refetch} />
        </div>
      )}
      {!roles && !error && <RowsSkeleton rows={3} height={57} />}
      {roles && <Grid label={t("roles.title")} columns={columns} rows={roles} rowId={rowId} rowHeight={57} />}
      <RoleDialog role={edited} onClose={() => setEdited(undefined)} />
      <RemoveRole role={removed} onClose={() => setRemoved(undefined)} />
    </AdminPage>
  );
}

function useColumns(onEdit: (role: Role) => void, onRemove: (role: Role) => void): Column<Role>[] {
  const { t } = useTranslation();
  const roleName = useRoleName();
  const format = useFormat();
  return useMemo<Column<Role>[]>(
    () => [
      {
        id: "name",
        header: t("agents.role"),
        track: "minmax(140px, 1fr)",
        slot: "lead",
        cell: (role) => (
          <span className={classes.role}>
            <span className={classes.name} id={`role-${role.id}`}>
              {roleName(role.id, role.name)}
            </span>
            {role.name === "" && <span className={classes.detail}>{t("roles.builtIn")}</span>}
          </span>
        ),
      },
      {
        id: "permits",
        header: t("roles.permits"),
        track: "minmax(160px, 3fr)",
        slot: "line",
        cell: (role) => (
          <span className={classes.permits}>
            {role.id === "administrator"
              ? t("roles.everything")
              : role.permissions.length === 0
                ? t("roles.nothing")
                : format.list(role.permissions.map((permission) => t(`permission.${permission}`)))}
          </span>
        ),
      },
      {
        id: "agents",
        header: t("agents.title"),
        track: "80px",
        slot: "line",
        named: true,
        end: true,
        cell: (role) => role.agents,
      },
      {
        id: "act",
        header: t("column.actions"),
        headerHidden: true,
        track: "40px",
        slot: "menu",
        end: true,
        cell: (role) =>
          role.id === "administrator" || role.mightier ? null : (
            <RoleMenu role={role} onEdit={onEdit} onRemove={onRemove} />
          ),
      },
    ],
    [t, roleName, format, onEdit, onRemove],
  );
}

function RoleMenu(props: { role: Role; onEdit: (role: Role) => void; onRemove: (role: Role) => void }) {
  const { role, onEdit, onRemove } = props;
  const { t } = useTranslation();
  return (
    <Menu position="bottom-end" width={200}>
      <Tooltip label={t("action.more")}>
        <Menu.Target>
          <ActionIcon aria-label={t("action.more")} aria-describedby={`role-${role.id}`}>
            <IconDots size={17} stroke={1.75} aria-hidden />
          </ActionIcon>
        </Menu.Target>
      </Tooltip>
      <Menu.Dropdown>
        <Menu.Item leftSection={<IconPencil {...icon} />} onClick={() => onEdit(role)}>
          {t("agents.edit")}
        </Menu.Item>
        {role.name !== "" && role.agents === 0 && (
          <Menu.Item data-bad leftSection={<IconTrash {...icon} />} onClick={() => onRemove(role)}>
            {t("roles.remove")}
          </Menu.Item>
        )}
      </Menu.Dropdown>
    </Menu>
  );
}
