import { Menu } from "@mantine/core";
import {
  IconFolderSymlink,
  IconInfoCircle,
  IconPencil,
  IconPower,
  IconTrash,
  IconUser,
  IconUserCheck,
  IconUsers,
} from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import { type Computer, isOthers } from "../../api/computers";
import { useMe } from "../../api/me";
import { MenuOpener, type OpenMenu, useOpened } from "../../components/menu-opener";
import type { Doing } from "./doing";
import { OpenPromptElsewhere } from "./open-prompt";
import { rootPlace } from "./tree";

const icon = { size: 16, stroke: 1.75, "aria-hidden": true } as const;

/** What can be done with one computer besides connecting. */
export function ComputerMenu(props: {
  computer: Computer;
  menu: OpenMenu;
  onClose: () => void;
  /** A computer that is online could wake it. */
  wakeable: boolean;
  onDo: (doing: Doing) => void;
}) {
  const { computer, onClose, onDo } = props;
  const { button } = props.menu;
  const opened = useOpened(props.menu);
  const { t } = useTranslation();
  const me = useMe();
  const owner = computer.owner.id === me.id;
  const hidden = computer.visibility === "me";
  const computers = [computer];
  return (
    <Menu position="bottom-end" width={240} id={button.id} opened={opened} onClose={onClose}>
      <Menu.Target>
        <MenuOpener button={button} onGone={onClose} />
      </Menu.Target>
      <Menu.Dropdown>
        {!isOthers(computer, me) && <OpenPromptElsewhere computer={computer} />}
        <Menu.Item leftSection={<IconInfoCircle {...icon} />} onClick={() => onDo({ what: "details", computer })}>
          {t("computers.details")}
        </Menu.Item>
        {props.wakeable && (
          <Menu.Item leftSection={<IconPower {...icon} />} onClick={() => onDo({ what: "wake", computers })}>
            {t("computers.wake")}
          </Menu.Item>
        )}
        <Menu.Item leftSection={<IconPencil {...icon} />} onClick={() => onDo({ what: "edit", computer })}>
          {t("computers.edit")}
        </Menu.Item>
        {!isOthers(computer, me) && (
          <Menu.Item leftSection={<IconFolderSymlink {...icon} />} onClick={() => onDo({ what: "place", computers })}>
            {t("computers.moveTo")}
          </Menu.Item>
        )}
        {!owner && me.role === "administrator" && (
          <Menu.Item leftSection={<IconUserCheck {...icon} />} onClick={() => onDo({ what: "takeOver", computers })}>
            {t("computers.takeOver")}
          </Menu.Item>
        )}
        {owner && (
          <Menu.Item
            leftSection={hidden ? <IconUsers {...icon} /> : <IconUser {...icon} />}
            onClick={() => onDo({ what: "move", ids: [computer.id], to: rootPlace(hidden ? "everyone" : "me") })}
          >
            {hidden ? t("computers.showToEveryone") : t("computers.showToMe")}
          </Menu.Item>
        )}
        {(owner || me.role === "administrator") && (
          <>
            <Menu.Divider />
            <Menu.Item
              data-bad
              leftSection={<IconTrash {...icon} />}
              onClick={() => onDo({ what: "remove", computers })}
            >
              {t("computers.remove")}
            </Menu.Item>
          </>
        )}
      </Menu.Dropdown>
    </Menu>
  );
}
