import { ActionIcon, Menu, Tooltip } from "@mantine/core";
import { IconBell } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import { useAlerts } from "./use-alerts";

/** How the agent wants to hear that somebody is ready. */
export function AlertsMenu() {
  const { t } = useTranslation();
  const alerts = useAlerts();
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
        <Menu.CheckboxItem checked={alerts.sound} onChange={alerts.setSound}>
          {t("alerts.sound")}
        </Menu.CheckboxItem>
        {alerts.possible && (
          <Menu.CheckboxItem checked={alerts.notify} disabled={alerts.refused} onChange={alerts.setNotify}>
            {t("alerts.notification")}
          </Menu.CheckboxItem>
        )}
        {alerts.refused && <Menu.Label>{t("alerts.refused")}</Menu.Label>}
        <Menu.CheckboxItem checked={alerts.badge} onChange={alerts.setBadge}>
          {t("alerts.badge")}
        </Menu.CheckboxItem>
      </Menu.Dropdown>
    </Menu>
  );
}
