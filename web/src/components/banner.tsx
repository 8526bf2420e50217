import { Button } from "@mantine/core";
import { IconAlertTriangle, IconInfoCircle } from "@tabler/icons-react";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import classes from "./banner.module.css";
import { useFaultText } from "./fault-text";

/** A quiet sentence above what it is about. A bad one is announced to screen readers at once. */
export function Banner({
  tone = "info",
  children,
  action,
}: {
  tone?: "info" | "bad";
  children: ReactNode;
  action?: ReactNode;
}) {
  const Icon = tone === "bad" ? IconAlertTriangle : IconInfoCircle;
  return (
    <div className={classes.banner} data-tone={tone} role={tone === "bad" ? "alert" : "status"}>
      <Icon size={16} stroke={1.75} aria-hidden className={classes.icon} />
      <div className={classes.text}>{children}</div>
      {action}
    </div>
  );
}

/** A fault as a banner: what happened, what to do, the code to quote. */
export function FaultBanner(props: { error: unknown; retry?: () => unknown }) {
  const { t } = useTranslation();
  const { text, quote } = useFaultText()(props.error);
  return (
    <Banner
      tone="bad"
      action={
        props.retry && (
          <Button size="compact-sm" onClick={() => props.retry?.()}>
            {t("action.retry")}
          </Button>
        )
      }
    >
      {text}
      {quote && <span className={classes.quote}>{quote}</span>}
    </Banner>
  );
}
