import { Button, TextInput } from "@mantine/core";
import { IconDownload, IconSearch } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { useDeferredValue, useMemo, useState } from "react";
import { useTranslation } from "react-i18next";
import { type LogDetails, type LogPrompt, transcriptQuery, transcriptUrl } from "../../api/logs";
import { FaultBanner } from "../../components/banner";
import details from "../../components/details-aside.module.css";
import { RowsSkeleton } from "../../components/rows-skeleton";
import { useReason } from "../../components/use-reason";
import { useFormat } from "../../i18n/format";
import classes from "./prompts.module.css";

/** The command prompts of a session, and what each showed. */
export function Prompts({ details: { id, prompts } }: { details: LogDetails }) {
  const { t } = useTranslation();
  return (
    <section>
      <h3>{t("transcript.title")}</h3>
      <ul className={details.people}>
        {prompts.map((prompt) => (
          <One key={prompt.promptId} id={id} prompt={prompt} />
        ))}
      </ul>
    </section>
  );
}

function One({ id, prompt }: { id: string; prompt: LogPrompt }) {
  const { t } = useTranslation();
  const format = useFormat();
  const reason = useReason();
  const [open, setOpen] = useState(false);
  const { agentName, shell, openedAt, endedAt, exitCode, bytes } = prompt;
  const ending =
    prompt.reason === "shell-ended" && exitCode
      ? t("prompt.exitCode", { code: format.number(exitCode) })
      : reason(prompt.reason);
  return (
    <li>
      <strong>{agentName}</strong>
      <span className={classes.shell}>{shell}</span>
      <span>
        {t("logs.span", { from: format.second(openedAt), to: endedAt ? format.second(endedAt) : t("transcript.open") })}
      </span>
      <span>{t("transcript.count", { shown: format.bytes(bytes) })}</span>
      {endedAt && <span>{ending}</span>}
      <div className={classes.buttons}>
        <Button size="compact-sm" aria-expanded={open} onClick={() => setOpen(!open)}>
          {open ? t("transcript.hide") : t("transcript.show")}
        </Button>
        <Button
          size="compact-sm"
          variant="subtle"
          component="a"
          href={transcriptUrl(id, prompt.promptId)}
          download
          leftSection={<IconDownload size={15} stroke={1.75} aria-hidden />}
        >
          {t("transcript.download")}
        </Button>
      </div>
      {open && <Transcript id={id} prompt={prompt} />}
    </li>
  );
}

/** What one prompt showed, as plain text; a search leaves the lines that have the word. */
function Transcript({ id, prompt }: { id: string; prompt: LogPrompt }) {
  const { t } = useTranslation();
  const { data: text, error, refetch } = useQuery(transcriptQuery(id, prompt.promptId));
  const [search, setSearch] = useState("");
  const wanted = useDeferredValue(search).trim().toLowerCase();
  const found = useMemo(
    () => (wanted && text ? text.split("\n").filter((line) => line.toLowerCase().includes(wanted)) : undefined),
    [text, wanted],
  );
  if (error) return <FaultBanner error={error} retry={refetch} />;
  if (text === undefined) return <RowsSkeleton rows={4} height={20} />;
  if (!text.trim()) return <p className={classes.none}>{t("transcript.empty")}</p>;
  return (
    <div className={classes.transcript}>
      <TextInput
        type="search"
        size="xs"
        aria-label={t("transcript.search")}
        placeholder={t("transcript.search")}
        value={search}
        onChange={(event) => setSearch(event.currentTarget.value)}
        onKeyDown={(event) => {
          if (event.key !== "Escape" || !search) return;
          event.preventDefault();
          setSearch("");
        }}
        leftSection={<IconSearch size={14} stroke={1.75} aria-hidden />}
      />
      {found && (
        <p className={classes.none} role="status">
          {t("transcript.found", { count: found.length })}
        </p>
      )}
      <pre className={classes.text} {...region(t("transcript.text", { name: prompt.agentName }))}>
        {found ? found.join("\n") : text}
      </pre>
    </div>
  );
}

/** It scrolls, also by keys. */
const region = (name: string) => ({ role: "region", tabIndex: 0, "aria-label": name }) as const;
