import { MantineThemeProvider } from "@mantine/core";
import { Notifications } from "@mantine/notifications";
import { useMemo } from "react";
import { useTranslation } from "react-i18next";

export function NoticesCorner() {
  const { t } = useTranslation();
  const close = t("action.close");
  // There is no other way to name the button that takes a notice away.
  const theme = useMemo(
    () => ({ components: { Notification: { defaultProps: { closeButtonProps: { "aria-label": close } } } } }),
    [close],
  );
  return (
    <MantineThemeProvider theme={theme} inherit>
      <Notifications position="bottom-right" containerWidth={360} />
    </MantineThemeProvider>
  );
}
