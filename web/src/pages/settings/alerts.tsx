import { Switch } from "@mantine/core";
import { useTranslation } from "react-i18next";
import { Section } from "../../components/section";
import { useAlerts } from "../../live/use-alerts";

/** How this browser tells that an end-user is ready. */
export function Alerts() {
  const { t } = useTranslation();
  const alerts = useAlerts();
  return (
    <Section id="alerts" title={t("alerts.title")} text={t("settings.alertsText")}>
      <Switch
        label={t("alerts.sound")}
        checked={alerts.sound}
        onChange={(event) => alerts.setSound(event.currentTarget.checked)}
      />
      {alerts.possible && (
        <Switch
          label={t("alerts.notification")}
          description={alerts.refused ? t("alerts.refused") : undefined}
          checked={alerts.notify}
          disabled={alerts.refused}
          onChange={(event) => alerts.setNotify(event.currentTarget.checked)}
        />
      )}
      <Switch
        label={t("alerts.badge")}
        checked={alerts.badge}
        onChange={(event) => alerts.setBadge(event.currentTarget.checked)}
      />
    </Section>
  );
}
