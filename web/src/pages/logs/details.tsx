import { Button, Textarea } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { type FormEvent, type ReactNode, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { type LogDetails, logQuery, useSetLogNote } from "../../api/logs";
import { FaultBanner } from "../../components/banner";
import { DetailsAside, Facts } from "../../components/details-aside";
import classes from "../../components/details-aside.module.css";
import { useReason } from "../../components/use-reason";
import { clock, useFormat } from "../../i18n/format";
import { Prompts } from "./prompts";
import { Timeline } from "./timeline";

/** All that is kept of one session, beside the list. Escape closes it. */
export function Details({ id, onClose }: { id: string; onClose: () => void }) {
  const { t } = useTranslation();
  const { data: details, error, refetch } = useQuery(logQuery(id));
  return (
    <DetailsAside
      id={id}
      title={details ? details.endUserName || details.computer || t("sessions.noName") : t("logs.details")}
      close={t("logs.closeDetails")}
      onClose={onClose}
      loading={!details && !error}
      error={error}
      retry={refetch}
    >
      {details && <Body key={id} details={details} />}
    </DetailsAside>
  );
}

function Body({ details }: { details: LogDetails }) {
  const { t } = useTranslation();
  const format = useFormat();
  const reason = useReason();
  const facts: [string, ReactNode][] = [
    [t("column.start"), format.exact(details.start)],
    [t("column.end"), format.exact(details.end)],
    [t("column.duration"), clock(details.durationSeconds)],
    [t("column.type"), t(`type.${details.type}`)],
    [t("column.ticket"), details.ticket],
    [t("column.owner"), details.owner],
    [t("column.agents"), format.list(details.agents)],
    [t("column.consent"), t(`consent.${details.consent}`)],
    [t("logs.ending"), reason(details.endReason, details.endedBy)],
    [t("column.computer"), details.computer],
    [t("column.system"), details.system],
    [t("column.user"), details.userName],
    [t("column.computerAddress"), details.computerAddress],
    [t("column.agentAddress"), details.agentAddress],
  ];
  return (
    <>
      <Facts facts={facts} />
      <Note details={details} />
      {details.viewers.length > 0 && (
        <section>
          <h3>{t("logs.viewers")}</h3>
          <ul className={classes.people}>
            {details.viewers.map((viewer) => (
              <li key={viewer.viewerId}>
                <strong>{viewer.agentName}</strong>
                <span>{t(`level.${viewer.level}`)}</span>
                <span>
                  {t("logs.span", { from: format.second(viewer.openedAt), to: format.second(viewer.closedAt) })}
                </span>
                <span>
                  {t("logs.bytes", { down: format.bytes(viewer.bytesDown), up: format.bytes(viewer.bytesUp) })}
                </span>
                <span>{viewer.address}</span>
                <span>{reason(viewer.reason)}</span>
              </li>
            ))}
          </ul>
        </section>
      )}
      {details.prompts.length > 0 && <Prompts details={details} />}
      {details.participants.length > 0 && (
        <section>
          <h3>{t("logs.participants")}</h3>
          <ul className={classes.people}>
            {details.participants.map((one) => (
              <li key={one.participantId}>
                <strong>{one.computer}</strong>
                <span>{[one.userName, one.system].filter(Boolean).join(" · ")}</span>
                <span>{t("logs.span", { from: format.second(one.joinedAt), to: format.second(one.leftAt) })}</span>
                <span>{one.address}</span>
              </li>
            ))}
          </ul>
        </section>
      )}
      <section>
        <h3>{t("logs.timeline")}</h3>
        <Timeline details={details} />
      </section>
    </>
  );
}

/** The note, to be changed in place. */
function Note({ details }: { details: LogDetails }) {
  const { t } = useTranslation();
  const [note, setNote] = useState(details.note);
  const field = useRef<HTMLTextAreaElement>(null);
  const save = useSetLogNote(details.id);
  const changed = note.trim() !== details.note;
  const submit = (event?: FormEvent) => {
    event?.preventDefault();
    // The buttons go away: the focus stays with the note.
    if (changed) save.mutate(note.trim(), { onSuccess: () => field.current?.focus() });
  };
  return (
    <form onSubmit={submit} className={classes.note}>
      <Textarea
        ref={field}
        label={t("column.note")}
        value={note}
        onChange={(event) => setNote(event.currentTarget.value)}
        onKeyDown={(event) => {
          if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) submit();
          // What was typed is not lost by a slip; Cancel takes it back.
          if (event.key === "Escape" && changed) event.preventDefault();
        }}
        maxLength={10_000}
        rows={3}
      />
      {save.error && <FaultBanner error={save.error} />}
      {(changed || save.isPending) && (
        <div className={classes.buttons}>
          <Button onClick={() => setNote(details.note)}>{t("action.cancel")}</Button>
          <Button type="submit" variant="filled" loading={save.isPending}>
            {t("action.save")}
          </Button>
        </div>
      )}
    </form>
  );
}
