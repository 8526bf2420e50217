import { Button } from "@mantine/core";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { FaultBanner } from "./banner";
import list from "./list.module.css";

/** What can be done with all chosen rows at once: the buttons are its children. */
export function SelectionBar(props: { count: number; onClear: () => void; error?: unknown; children: ReactNode }) {
  const { t } = useTranslation();
  const label = t("selection.count", { count: props.count });
  return (
    <>
      <div role="group" aria-label={label} className={list.selection}>
        <span aria-live="polite">{label}</span>
        {props.children}
        <Button variant="subtle" onClick={props.onClear}>
          {t("selection.clear")}
        </Button>
      </div>
      {props.error != null && (
        <div className={list.pad}>
          <FaultBanner error={props.error} />
        </div>
      )}
    </>
  );
}
