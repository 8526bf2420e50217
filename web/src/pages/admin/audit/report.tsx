import { useTranslation } from "react-i18next";
import type { AuditReport } from "../../../api/audit";
import { Banner } from "../../../components/banner";
import { CopyButton } from "../../../components/copy-button";
import { useFormat } from "../../../i18n/format";
import classes from "./audit.module.css";

/** What the verification found: whole up to which event, or where it is broken. */
export function Report({ report }: { report: AuditReport }) {
  const { t } = useTranslation();
  const format = useFormat();
  if (!report.whole) {
    return (
      <Banner tone="bad">
        <p>{t("audit.broken")}</p>
        <ul className={classes.faults}>
          {report.faults.map((fault) => (
            <li key={`${fault.kind}-${fault.first}`}>
              {t(`auditFault.${fault.kind}`, { first: format.number(fault.first), last: format.number(fault.last) })}
            </li>
          ))}
        </ul>
      </Banner>
    );
  }
  return (
    <Banner action={<CopyButton text={report.head} label={t("audit.copyEnd")} />}>
      <p>
        {t("audit.whole", {
          count: report.events,
          number: format.number(report.events),
          last: format.number(report.last),
        })}
      </p>
      {report.withoutDetail > 0 && (
        <p>{t("audit.withoutDetail", { count: report.withoutDetail, number: format.number(report.withoutDetail) })}</p>
      )}
      <p className={classes.quiet}>{t("audit.keepEnd")}</p>
    </Banner>
  );
}
