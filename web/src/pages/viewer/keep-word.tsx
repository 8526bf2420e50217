import { Button } from "@mantine/core";
import { IconExternalLink, IconKey } from "@tabler/icons-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { Link } from "react-router";
import type { Keep, ViewerState } from "../../viewer/state";
import classes from "./no-picture.module.css";
import { useLeft } from "./use-left";

/** What becomes of the wish to reach the computer at any time. An end of it stays until it is closed. */
export function KeepWord({ state: { keep } }: { state: ViewerState }) {
  const { t } = useTranslation();
  const [closed, setClosed] = useState<Keep>();
  const text = useText(keep);
  const left = useLeft(keep?.state === "asking" ? (keep.secondsLeft ?? 0) : 0, keep);
  const open = keep?.state === "asking" || keep?.state === "working";
  return (
    <div role="status">
      {keep && keep !== closed && (
        <div className={`${classes.place} ${classes.low}`}>
          <IconKey size={18} stroke={1.75} aria-hidden />
          <span>
            {text} {left > 0 && <span aria-hidden>{t("control.left", { count: left })}</span>}
          </span>
          {keep.state === "done" && (
            <Button
              component={Link}
              to={`/computers/${encodeURIComponent(keep.computerId)}`}
              target="_blank"
              size="compact-sm"
              variant="filled"
              rightSection={<IconExternalLink size={14} stroke={2} aria-hidden />}
            >
              {t("keep.show")}
            </Button>
          )}
          {!open && (
            <Button size="compact-sm" onClick={() => setClosed(keep)}>
              {t("action.close")}
            </Button>
          )}
        </div>
      )}
    </div>
  );
}

function useText(keep: Keep | undefined): string {
  const { t } = useTranslation();
  if (!keep) return "";
  switch (keep.state) {
    case "done":
      return t(`keep.done.${keep.reach}`);
    case "failed":
      return t(`keep.failed.${keep.reason}`);
    default:
      return t(`keep.${keep.state}`);
  }
}
