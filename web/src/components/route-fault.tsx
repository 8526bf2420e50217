import { Button } from "@mantine/core";
import { useTranslation } from "react-i18next";
import { useRouteError } from "react-router";
import { Banner } from "./banner";
import classes from "./route-fault.module.css";

/** A page that broke, most often since the server has been updated and the page's old parts are gone: loading again helps. */
export function RouteFault() {
  const { t } = useTranslation();
  console.error(useRouteError());
  return (
    <main className={classes.page}>
      <Banner
        tone="bad"
        action={
          <Button size="compact-sm" onClick={() => location.reload()}>
            {t("route.reload")}
          </Button>
        }
      >
        {t("route.broken")}
      </Banner>
    </main>
  );
}
