import { Button } from "@mantine/core";
import { IconDeviceDesktopPlus, IconDownload } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import { useMe } from "../../api/me";
import { CopyButton } from "../../components/copy-button";
import classes from "./add-computer.module.css";

/** The line that sets up a computer, with this agent's name and this server's address. */
export function commandLine(program: string, userName: string, server: URL): string {
  const port = server.port || (server.protocol === "https:" ? "443" : "80");
  return `${program} /createcomputer /username "${userName}" /password "…" /relayurl "${server.hostname}" /relayport "${port}"`;
}

/** How a computer gets here: download the client, run one line on it. */
export function AddComputer({ first }: { first: boolean }) {
  const { t } = useTranslation();
  const me = useMe();
  const server = new URL(me.personalLink);
  const lines = [
    { system: "Windows", line: commandLine("RemoteSupport.exe", me.userName, server) },
    { system: "Linux", line: commandLine("sudo ./RemoteSupport", me.userName, server) },
  ];
  return (
    <section className={classes.add} aria-labelledby="add-computer">
      {first && (
        <span className={classes.icon}>
          <IconDeviceDesktopPlus size={20} stroke={1.75} aria-hidden />
        </span>
      )}
      <h2 id="add-computer">{first ? t("add.titleFirst") : t("add.title")}</h2>
      <p className={classes.text}>{t("add.text")}</p>
      <ol className={classes.steps}>
        <li>
          <p>{t("add.download")}</p>
          <Button
            component="a"
            href="/download"
            variant={first ? "filled" : "default"}
            leftSection={<IconDownload size={16} stroke={1.75} aria-hidden />}
          >
            {t("add.downloadButton")}
          </Button>
        </li>
        <li>
          <p>{t("add.run")}</p>
          {lines.map(({ system, line }) => (
            <div key={system} className={classes.command}>
              <div className={classes.system}>{system}</div>
              <code className={classes.code}>{line}</code>
              <CopyButton text={line} />
            </div>
          ))}
          <p className={classes.hint}>{t("add.password")}</p>
        </li>
        <li>
          <p>{t("add.appears")}</p>
        </li>
      </ol>
    </section>
  );
}
