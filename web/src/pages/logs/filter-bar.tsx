import { Button, Popover, Select, TextInput } from "@mantine/core";
import { IconFilter } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { logAgentsQuery } from "../../api/logs";
import { SearchField } from "../../components/search-field";
import { type Filter, spans, types } from "./filter";
import classes from "./filter-bar.module.css";
import { useTyped } from "./use-typed";

type Change = (part: Partial<Filter>, typing?: boolean) => void;

/** What the log can be narrowed by: the usual things in one line, the rest behind a button. */
export function FilterBar({ filter, change, everyone }: { filter: Filter; change: Change; everyone: boolean }) {
  const { t } = useTranslation();
  const [search, setSearch] = useTyped(filter.q, (q) => change({ q }, true));
  const own = filter.when === "" && (filter.from !== "" || filter.to !== "");
  return (
    <search className={classes.bar} aria-label={t("logs.filters")}>
      <SearchField label={t("logs.search")} value={search} onChange={setSearch} />
      <Select
        className={classes.choice}
        aria-label={t("logs.when")}
        value={own ? "dates" : filter.when}
        onChange={(when) => {
          if (when !== "dates") change({ when: (when ?? "") as Filter["when"], from: "", to: "" });
        }}
        data={[
          { value: "", label: t("logs.anyTime") },
          ...spans.map((span) => ({ value: span, label: t(`span.${span}`) })),
          ...(own ? [{ value: "dates", label: t("logs.dates") }] : []),
        ]}
      />
      {everyone && !filter.mine && <AgentChoice value={filter.agent} onChange={(agent) => change({ agent })} />}
      <Select
        className={classes.choice}
        aria-label={t("column.type")}
        value={filter.type}
        onChange={(type) => change({ type: (type ?? "") as Filter["type"] })}
        data={[
          { value: "", label: t("logs.anyType") },
          ...types.map((type) => ({ value: type, label: t(`type.${type}`) })),
        ]}
      />
      <MoreFilters filter={filter} change={change} />
    </search>
  );
}

function AgentChoice({ value, onChange }: { value: string; onChange: (id: string) => void }) {
  const { t } = useTranslation();
  const { data: agents = [] } = useQuery(logAgentsQuery);
  return (
    <Select
      className={classes.choice}
      aria-label={t("logs.agent")}
      searchable
      value={value}
      onChange={(id) => onChange(id ?? "")}
      nothingFoundMessage={t("logs.noAgent")}
      data={[
        { value: "", label: t("logs.anyAgent") },
        ...agents.map((agent) => ({ value: agent.id, label: agent.name })),
      ]}
    />
  );
}

function MoreFilters({ filter, change }: { filter: Filter; change: Change }) {
  const { t } = useTranslation();
  const used = [filter.endUser, filter.computer, filter.ticket, filter.from || filter.to].filter(Boolean).length;
  return (
    <Popover position="bottom-start" width={360} trapFocus shadow="md">
      <Popover.Target>
        <Button leftSection={<IconFilter size={16} stroke={1.75} aria-hidden />}>
          {used > 0 ? t("logs.moreFiltersUsed", { count: used }) : t("logs.moreFilters")}
        </Button>
      </Popover.Target>
      <Popover.Dropdown aria-label={t("logs.moreFilters")}>
        <div className={classes.more}>
          {(["endUser", "computer", "ticket"] as const).map((name) => (
            <TextFilter
              key={name}
              label={t(`column.${name}`)}
              value={filter[name]}
              onChange={(text) => change({ [name]: text }, true)}
            />
          ))}
          <div className={classes.days}>
            <TextInput
              type="date"
              label={t("logs.from")}
              value={filter.from}
              max={filter.to || undefined}
              onChange={(event) => change({ from: event.currentTarget.value, when: "" })}
            />
            <TextInput
              type="date"
              label={t("logs.to")}
              value={filter.to}
              min={filter.from || undefined}
              onChange={(event) => change({ to: event.currentTarget.value, when: "" })}
            />
          </div>
        </div>
      </Popover.Dropdown>
    </Popover>
  );
}

function TextFilter(props: { label: string; value: string; onChange: (text: string) => void }) {
  const [text, setText] = useTyped(props.value, props.onChange);
  return (
    <TextInput
      label={props.label}
      value={text}
      maxLength={200}
      autoComplete="off"
      spellCheck={false}
      onChange={(event) => setText(event.currentTarget.value)}
    />
  );
}
