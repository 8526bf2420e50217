import { Button, Select, TextInput } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { type AuditFilter, auditAgentsQuery, auditVerbsQuery } from "../../../api/audit";
import { useAct } from "../../../components/use-act";
import classes from "./audit.module.css";

/** The beginning or the end of a day here, as the API takes it. */
const bound = (day: string, time: string) => (day ? new Date(`${day}T${time}`).toISOString() : undefined);

/** The day of a bound, as the field shows it. */
function dayOf(iso: string | undefined): string {
  if (!iso) return "";
  const at = new Date(iso);
  const two = (n: number) => String(n).padStart(2, "0");
  return `${at.getFullYear()}-${two(at.getMonth() + 1)}-${two(at.getDate())}`;
}

/** Which events are shown: of one kind, of one agent, of one day or some. */
export function Filters({ filter, onChange }: { filter: AuditFilter; onChange: (filter: AuditFilter) => void }) {
  const { t, i18n } = useTranslation();
  const act = useAct();
  const { data: verbs = [] } = useQuery(auditVerbsQuery);
  const { data: agents = [] } = useQuery(auditAgentsQuery);
  const set = (change: AuditFilter) => onChange({ ...filter, ...change });
  const any = Object.values(filter).some(Boolean);
  return (
    <div role="search" aria-label={t("audit.filters")} className={classes.filters}>
      <Select
        label={t("audit.verb")}
        placeholder={t("audit.anyVerb")}
        searchable
        clearable
        clearButtonProps={{ "aria-label": t("action.clear") }}
        data={verbs
          .map((verb) => ({ value: verb, label: act(verb) }))
          .sort((a, b) => a.label.localeCompare(b.label, i18n.language))}
        value={filter.verb ?? null}
        onChange={(verb) => set({ verb: verb ?? undefined })}
      />
      <Select
        label={t("audit.actor")}
        placeholder={t("audit.anyAgent")}
        searchable
        clearable
        clearButtonProps={{ "aria-label": t("action.clear") }}
        nothingFoundMessage={t("logs.noAgent")}
        data={agents.map((agent) => ({ value: agent.id, label: agent.name }))}
        value={filter.agent ?? null}
        onChange={(agent) => set({ agent: agent ?? undefined })}
      />
      <TextInput
        type="date"
        label={t("audit.from")}
        value={dayOf(filter.from)}
        onChange={(event) => set({ from: bound(event.currentTarget.value, "00:00:00") })}
      />
      <TextInput
        type="date"
        label={t("audit.until")}
        value={dayOf(filter.until)}
        onChange={(event) => set({ until: bound(event.currentTarget.value, "23:59:59.999") })}
      />
      {any && (
        <Button variant="subtle" onClick={() => onChange({})}>
          {t("action.clear")}
        </Button>
      )}
    </div>
  );
}
