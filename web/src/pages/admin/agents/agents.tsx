import { useQuery } from "@tanstack/react-query";
import { useDeferredValue, useMemo, useState } from "react";
import { useTranslation } from "react-i18next";
import { type AgentRow, agentsQuery, searchAgents } from "../../../api/agents";
import { FaultBanner } from "../../../components/banner";
import { Grid } from "../../../components/grid/grid";
import { RowsSkeleton } from "../../../components/rows-skeleton";
import { SearchField } from "../../../components/search-field";
import { AdminPage } from "../admin-page";
import classes from "./agents.module.css";
import { useColumns } from "./columns";

const rowId = (agent: AgentRow) => agent.id;

/** Administration, Agents: those who give support. */
export function AgentsPage() {
  const { t } = useTranslation();
  const { data: agents, error } = useQuery(agentsQuery);
  const [search, setSearch] = useState("");
  const wanted = useDeferredValue(search);
  const found = useMemo(() => searchAgents(agents ?? [], wanted), [agents, wanted]);
  const columns = useColumns();
  return (
    <AdminPage
      title="agents.title"
      tools={
        agents && (
          <>
            <span className={classes.count}>{found.length}</span>
            <span className={classes.space} />
            <SearchField label={t("agents.search")} value={search} onChange={setSearch} />
          </>
        )
      }
    >
      {error && !agents && (
        <div className={classes.pad}>
          <FaultBanner error={error} />
        </div>
      )}
      {!agents && !error && <RowsSkeleton rows={4} height={57} />}
      {agents && <Grid label={t("agents.title")} columns={columns} rows={found} rowId={rowId} rowHeight={57} />}
      {agents && found.length === 0 && <p className={classes.nothing}>{t("agents.nothingFound")}</p>}
    </AdminPage>
  );
}
