import { Menu } from "@mantine/core";
import { IconFolderPlus, IconPencil, IconTrash } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import { MenuOpener, type OpenMenu, useOpened } from "../../components/menu-opener";
import type { Doing } from "./doing";
import type { Naming } from "./group-tree";
import type { Place } from "./tree";

const icon = { size: 16, stroke: 1.75, "aria-hidden": true } as const;

/** What can be done with a group or a root. */
export function GroupMenu(props: {
  place: Place;
  menu: OpenMenu;
  onClose: () => void;
  onName: (what: Naming) => void;
  onDo: (doing: Doing) => void;
}) {
  const { place, onClose, onName, onDo } = props;
  const { button } = props.menu;
  const opened = useOpened(props.menu);
  const { t } = useTranslation();
  return (
    <Menu position="bottom-end" width={210} returnFocus={false} id={button.id} opened={opened} onClose={onClose}>
      <Menu.Target>
        <MenuOpener button={button} onGone={onClose} />
      </Menu.Target>
      <Menu.Dropdown>
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
