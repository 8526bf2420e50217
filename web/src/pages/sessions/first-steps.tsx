import { useTranslation } from "react-i18next";
import classes from "./first-steps.module.css";
import { LinkText } from "./link-text";

/** The page before anybody waits: how a session comes about, in three steps, with the real link. */
export function FirstSteps({ link, all }: { link: string | undefined; all: boolean }) {
  const { t } = useTranslation();
  return (
    <div className={classes.steps}>
      <p className={classes.lead}>{all ? t("first.leadAll") : t("first.lead")}</p>
      <ol className={classes.list}>
        <li className={classes.step}>
          <h3>{t("first.send")}</h3>
          <p>{t("first.sendText")}</p>
          {link && <LinkText url={link} />}
        </li>
        <li className={classes.step}>
          <h3>{t("first.open")}</h3>
          <p>{t("first.openText")}</p>
        </li>
        <li className={classes.step}>
          <h3>{t("first.connect")}</h3>
          <p>{t("first.connectText")}</p>
        </li>
      </ol>
    </div>
  );
}
