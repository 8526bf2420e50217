import { ActionIcon, Menu, Tooltip } from "@mantine/core";
import { IconBell } from "@tabler/icons-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { chime } from "./chime";
import { useNotificationSwitch, useSoundSwitch } from "./ready-alerts";

/** How the agent wants to hear that somebody is ready. */
export function AlertsMenu() {
  const { t } = useTranslation();
  const [sound, setSound] = useSoundSwitch();
  const [notify, setNotify] = useNotificationSwitch();
  const [refused, setRefused] = useState(typeof Notification !== "undefined" && Notification.permission === "denied");
  const canNotify = typeof Notification !== "undefined";

  const switchNotify = async (on: boolean) => {
    const permission = on ? await Notification.requestPermission() : Notification.permission;
    setRefused(permission === "denied");
    setNotify(on && permission === "granted");
  };

  return (
    <Menu position="bottom-start" width={280} closeOnItemClick={false}>
      <Tooltip label={t("alerts.title")}>
        <Menu.Target>
          <ActionIcon aria-label={t("alerts.title")}>
            <IconBell size={17} stroke={1.75} aria-hidden />
          </ActionIcon>
        </Menu.Target>
      </Tooltip>
      <Menu.Dropdown>
        <Menu.Label>{t("alerts.when")}</Menu.Label>
        <Menu.CheckboxItem
          checked={sound}
          onChange={(on) => {
            setSound(on);
            if (on) chime();
          }}
        >
          {t("alerts.sound")}
        </Menu.CheckboxItem>
        {canNotify && (
          <Menu.CheckboxItem checked={notify && !refused} disabled={refused} onChange={switchNotify}>
            {t("alerts.notification")}
          </Menu.CheckboxItem>
        )}
        {refused && <Menu.Label>{t("alerts.refused")}</Menu.Label>}
      </Menu.Dropdown>
    </Menu>
  );
}
