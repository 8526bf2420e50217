import { Button } from "@mantine/core";
import { IconUserPlus } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { useDeferredValue, useMemo, useState } from "react";
import { useTranslation } from "react-i18next";
import { type AgentRow, agentsQuery, searchAgents } from "../../../api/agents";
import { useMe } from "../../../api/me";
import { FaultBanner } from "../../../components/banner";
import { SortedGrid } from "../../../components/grid/sorted-grid";
import list from "../../../components/list.module.css";
import { RowsSkeleton } from "../../../components/rows-skeleton";
import { SearchField } from "../../../components/search-field";
import { AdminPage } from "../admin-page";
import { AddAgent } from "./add-agent";
import { AgentSelection } from "./agent-selection";
import { type Doing, useColumns } from "./columns";
import { DisableDialog } from "./disable-dialog";
import { EditAgent } from "./edit-agent";
import { LinkDialog } from "./link-dialog";
import { ResetFactor } from "./reset-factor";
import { UnlinkAgent } from "./unlink-agent";

const rowId = (agent: AgentRow) => agent.id;

/** Administration, Agents: those who give support. */
export function AgentsPage() {
  const { t } = useTranslation();
  const me = useMe();
  const { data: agents, error, refetch } = useQuery(agentsQuery);
  const [search, setSearch] = useState("");
  const [adding, setAdding] = useState(false);
  const [doing, setDoing] = useState<Doing>();
  const [chosen, setChosen] = useState<ReadonlySet<string>>(new Set());
  const wanted = useDeferredValue(search);
  const found = useMemo(() => searchAgents(agents ?? [], wanted), [agents, wanted]);
  const choosing = useMemo(() => ({ chosen, onChoose: setChosen }), [chosen]);
  const columns = useColumns(me, choosing, setDoing);
  const selected = (agents ?? []).filter((agent) => chosen.has(agent.id));
  const close = () => setDoing(undefined);
  return (
    <AdminPage
      title="agents.title"
      tools={
        agents && (
          <>
            <span className={list.count}>{found.length}</span>
            <span className={list.space} />
            <SearchField label={t("agents.search")} value={search} onChange={setSearch} />
            <Button
              variant="filled"
              aria-label={t("agents.add")}
              leftSection={<IconUserPlus size={16} stroke={1.75} aria-hidden />}
              onClick={() => setAdding(true)}
              className={list.add}
            >
              <span className={list.addWord}>{t("agents.add")}</span>
            </Button>
          </>
        )
      }
    >
      {error && !agents && (
        <div className={list.pad}>
          <FaultBanner error={error} retry={refetch} />
        </div>
      )}
      {!agents && !error && <RowsSkeleton rows={4} height={57} />}
      {selected.length > 0 && (
        <AgentSelection
          selected={selected}
          onDisable={() =>
            setDoing({ what: "disable", agents: selected.filter((agent) => agent.state !== "disabled") })
          }
          onClear={() => setChosen(new Set())}
        />
      )}
      {agents && <SortedGrid label={t("agents.title")} columns={columns} rows={found} rowId={rowId} rowHeight={57} />}
      {agents && found.length === 0 && <p className={list.nothing}>{t("agents.nothingFound")}</p>}
      <AddAgent opened={adding} onClose={() => setAdding(false)} />
      <EditAgent agent={doing?.what === "edit" ? doing.agents[0] : undefined} onClose={close} />
      <LinkDialog doing={doing?.what === "link" || doing?.what === "password" ? doing : undefined} onClose={close} />
      <ResetFactor agent={doing?.what === "factor" ? doing.agents[0] : undefined} onClose={close} />
      <UnlinkAgent agent={doing?.what === "unlink" ? doing.agents[0] : undefined} onClose={close} />
      <DisableDialog
        agents={doing?.what === "disable" ? doing.agents : undefined}
        onClose={close}
        onDone={() => setChosen(new Set())}
      />
    </AdminPage>
  );
}
