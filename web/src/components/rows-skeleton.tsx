import { Skeleton } from "@mantine/core";
import { useTranslation } from "react-i18next";
import classes from "./rows-skeleton.module.css";

/** The place of rows that are on their way. */
export function RowsSkeleton({ rows, height }: { rows: number; height: number }) {
  const { t } = useTranslation();
  return (
    <div role="status" aria-label={t("live.loading")} className={classes.rows}>
      {Array.from({ length: rows }, (_, row) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: they are all alike
        <div key={row} className={classes.row} style={{ height }}>
          <Skeleton height={14} width="22%" />
          <Skeleton height={14} width="12%" />
          <Skeleton height={14} width="30%" />
        </div>
      ))}
    </div>
  );
}
