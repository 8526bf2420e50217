import { ActionIcon, Menu, Tooltip } from "@mantine/core";
import { IconDots, IconFolderSymlink, IconPencil, IconTrash, IconUser, IconUsers } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import type { Computer } from "../../api/computers";
import { useMe } from "../../api/me";
import type { Doing } from "./doing";
import { rootPlace } from "./tree";

const icon = { size: 16, stroke: 1.75, "aria-hidden": true } as const;

/** What can be done with one computer besides connecting. */
export function ComputerMenu({ computer, onDo }: { computer: Computer; onDo: (doing: Doing) => void }) {
  const { t } = useTranslation();
  const me = useMe();
  const owner = computer.owner.id === me.id;
  const hidden = computer.visibility === "me";
  const computers = [computer];
  return (
    <Menu position="bottom-end" width={240}>
      <Tooltip label={t("action.more")}>
        <Menu.Target>
          <ActionIcon aria-label={t("action.more")} aria-describedby={`computer-${computer.id}`}>
            <IconDots size={17} stroke={1.75} aria-hidden />
          </ActionIcon>
        </Menu.Target>
      </Tooltip>
      <Menu.Dropdown>
        <Menu.Item leftSection={<IconPencil {...icon} />} onClick={() => onDo({ what: "edit", computer })}>
          {t("computers.edit")}
        </Menu.Item>
        <Menu.Item leftSection={<IconFolderSymlink {...icon} />} onClick={() => onDo({ what: "place", computers })}>
          {t("computers.moveTo")}
        </Menu.Item>
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
