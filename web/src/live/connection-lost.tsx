import { UnstyledButton } from "@mantine/core";
import { IconPlugConnectedX } from "@tabler/icons-react";
import { useEffect, useState } from "react";
import { useTranslation } from "react-i18next";
import classes from "./connection-lost.module.css";
import { useLive } from "./live-provider";

/** A blink of the network is nobody's business: the banner shows after this, milliseconds. */
const PATIENCE = 2000;

/** Says that the page may be old. It lies over the page and moves nothing. */
export function ConnectionLost() {
  const { t } = useTranslation();
  const { state, retry } = useLive();
  const [shown, setShown] = useState(false);
  const lost = state === "lost";
  useEffect(() => {
    if (!lost) {
      setShown(false);
      return;
    }
    const timer = setTimeout(() => setShown(true), PATIENCE);
    return () => clearTimeout(timer);
  }, [lost]);
  return (
    <div role="status" className={classes.place}>
      {shown && (
        <div className={classes.banner}>
          <IconPlugConnectedX size={16} stroke={1.75} aria-hidden />
          {t("live.lost")}
          <UnstyledButton className={classes.retry} onClick={retry}>
            {t("live.retry")}
          </UnstyledButton>
        </div>
      )}
    </div>
  );
}
