import { Button } from "@mantine/core";
import { IconDeviceDesktopOff } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import classes from "./no-picture.module.css";

/** The reasons of docs/protocol.md, "No picture". */
const reasons = [
  "locked",
  "login-screen",
  "display-off",
  "no-display",
  "display-gone",
  "paused",
  "permission-missing",
  "elevation-question",
] as const;

/** Why it is black, and the one thing that helps. */
export function NoPicture({ reason, onCtrlAltDel }: { reason: string; onCtrlAltDel?: () => void }) {
  const { t } = useTranslation();
  const known = reasons.find((r) => r === reason) ?? "no-display";
  const helps = known === "locked" || known === "login-screen";
  return (
    <div className={classes.place} role="status">
      <IconDeviceDesktopOff size={18} stroke={1.75} aria-hidden />
      <span>{t(`noPicture.${known}`)}</span>
      {helps && onCtrlAltDel && (
        <Button size="compact-sm" onClick={onCtrlAltDel}>
          {t("viewer.ctrlAltDel")}
        </Button>
      )}
    </div>
  );
}
