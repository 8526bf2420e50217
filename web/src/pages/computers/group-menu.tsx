import { ActionIcon, Menu } from "@mantine/core";
import { IconDots, IconFolderPlus, IconPencil, IconTrash } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import type { Doing } from "./doing";
import type { Naming } from "./group-tree";
import classes from "./group-tree.module.css";
import type { Place } from "./tree";

const icon = { size: 16, stroke: 1.75, "aria-hidden": true } as const;

/** What can be done with a group or a root. */
export function GroupMenu(props: { place: Place; onName: (what: Naming) => void; onDo: (doing: Doing) => void }) {
  const { place, onName, onDo } = props;
  const { t } = useTranslation();
  return (
    <Menu position="bottom-end" width={210} returnFocus={false}>
      <Menu.Target>
        <ActionIcon
          size={22}
          className={classes.more}
          aria-label={t("groups.more", { name: place.name })}
          onClick={(event) => event.stopPropagation()}
          onKeyDown={(event) => event.stopPropagation()}
        >
          <IconDots size={15} stroke={1.75} aria-hidden />
        </ActionIcon>
      </Menu.Target>
      <Menu.Dropdown onClick={(event) => event.stopPropagation()} onKeyDown={(event) => event.stopPropagation()}>
        <Menu.Item leftSection={<IconFolderPlus {...icon} />} onClick={() => onName({ new: place })}>
          {t("groups.add")}
        </Menu.Item>
        {place.groupId !== "" && (
          <>
            <Menu.Item leftSection={<IconPencil {...icon} />} onClick={() => onName({ rename: place })}>
              {t("groups.rename")}
            </Menu.Item>
            <Menu.Divider />
            <Menu.Item
              data-bad
              leftSection={<IconTrash {...icon} />}
              onClick={() => onDo({ what: "removeGroup", place })}
            >
              {t("groups.remove")}
            </Menu.Item>
          </>
        )}
      </Menu.Dropdown>
    </Menu>
  );
}
