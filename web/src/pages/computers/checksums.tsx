import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { type Download, downloadsQuery } from "../../api/downloads";
import { FaultBanner } from "../../components/banner";
import { CopyButton } from "../../components/copy-button";
import { useFormat } from "../../i18n/format";
import classes from "./add-computer.module.css";

const systems = { windows: "Windows", macos: "macOS", linux: "Linux" };

/** "Linux", and "Linux (arm64)" for what most people do not have. */
const nameOf = ({ system, arch }: Download) =>
  arch === (system === "macos" ? "arm64" : "amd64") ? systems[system] : `${systems[system]} (${arch})`;

/** The clients' SHA-256, folded away: what a script, or who is careful, compares a download with. */
export function Checksums() {
  const { t } = useTranslation();
  const [open, setOpen] = useState(false);
  return (
    <details className={classes.sums} open={open} onToggle={(e) => setOpen(e.currentTarget.open)}>
      <summary>{t("add.sums")}</summary>
      {open && <Sums />}
    </details>
  );
}

function Sums() {
  const { t } = useTranslation();
  const format = useFormat();
  const { data: downloads, error, refetch } = useQuery(downloadsQuery);
  if (error) return <FaultBanner error={error} retry={refetch} />;
  return (
    <>
      <p className={classes.hint}>{t("add.sumsText")}</p>
      {downloads?.map((one) => (
        <div key={one.url} className={classes.sum}>
          <div>
            <a href={one.url}>{nameOf(one)}</a> <span className={classes.expires}>{format.bytes(one.size)}</span>
          </div>
          <code className={classes.code}>{one.sha256}</code>
          <CopyButton text={one.sha256} />
        </div>
      ))}
      {downloads?.length === 0 && <p>{t("add.sumsNone")}</p>}
    </>
  );
}
