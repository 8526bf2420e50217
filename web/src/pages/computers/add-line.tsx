import { Button } from "@mantine/core";
import { IconChevronDown, IconDownload, IconTerminal } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import { useMe } from "../../api/me";
import { CopyButton } from "../../components/copy-button";
import classes from "./add-computer.module.css";
import { Way } from "./add-way";
import { Checksums } from "./checksums";

/** The line that sets up a computer, with this agent's name and this server's address; a self-signed server is pinned. */
export function commandLine(program: string, userName: string, server: URL, fingerprint = ""): string {
  const port = server.port || (server.protocol === "https:" ? "443" : "80");
  const line = `${program} /createcomputer /username "${userName}" /password "…" /relayurl "${server.hostname}" /relayport "${port}"`;
  return fingerprint ? `${line} /fingerprint "${fingerprint}"` : line;
}

/** "Command line": download the client, run one line on each computer. */
export function CommandLine({ open, onToggle }: { open: boolean; onToggle: () => void }) {
  const { t } = useTranslation();
  return (
    <Way
      Icon={IconTerminal}
      title={t("add.lineTitle")}
      text={t("add.lineText")}
      act={
        <Button
          aria-expanded={open}
          rightSection={<IconChevronDown size={14} stroke={2} aria-hidden className={classes.chevron} />}
          onClick={onToggle}
        >
          {t("add.line")}
        </Button>
      }
    >
      {open && <Lines />}
    </Way>
  );
}

function Lines() {
  const { t } = useTranslation();
  const me = useMe();
  const server = new URL(me.personalLink);
  const lines = [
    { system: "Windows", line: commandLine("RemoteSupport.exe", me.userName, server, me.fingerprint) },
    { system: "Linux", line: commandLine("sudo ./RemoteSupport", me.userName, server, me.fingerprint) },
  ];
  return (
    <>
      <Button component="a" href="/download" leftSection={<IconDownload size={16} stroke={1.75} aria-hidden />}>
        {t("add.downloadButton")}
      </Button>
      <p>{t("add.run")}</p>
      {lines.map(({ system, line }) => (
        <div key={system} className={classes.command}>
          <div className={classes.system}>{system}</div>
          <code className={classes.code}>{line}</code>
          <CopyButton text={line} />
        </div>
      ))}
      <p className={classes.hint}>{t("add.password")}</p>
      <p className={classes.hint}>{t("add.token")}</p>
      <Checksums />
    </>
  );
}
