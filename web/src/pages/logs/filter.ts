import { useCallback, useMemo } from "react";
import { useSearchParams } from "react-router";
import type { LogQuery, LogSort } from "../../api/logs";

// What is shown of the log stands in the page's address, so that a link, a reload and Back show the same.

export const spans = ["today", "yesterday", "7d", "30d"] as const;
export type Span = (typeof spans)[number];
export const types = ["attended", "unattended", "command-prompt"] as const;
export const sorts = ["start", "end", "duration", "agents", "owner", "endUser", "computer", "type", "ticket"] as const;

/** The filters by their names in the address. */
export const texts = ["q", "endUser", "computer", "ticket"] as const;
export type TextFilter = (typeof texts)[number];

export interface Filter {
  q: string;
  endUser: string;
  computer: string;
  ticket: string;
  agent: string;
  type: "" | (typeof types)[number];
  /** Days, as 2026-11-22, both included; or a span that moves with the calendar. */
  from: string;
  to: string;
  when: "" | Span;
  mine: boolean;
  sort: LogSort;
  descending: boolean;
}

export const noFilter: Filter = {
  q: "",
  endUser: "",
  computer: "",
  ticket: "",
  agent: "",
  type: "",
  from: "",
  to: "",
  when: "",
  mine: false,
  sort: "start",
  descending: true,
};

const day = /^\d{4}-\d{2}-\d{2}$/;
const known = <T extends string>(list: readonly T[], value: string | null): T | "" =>
  list.find((one) => one === value) ?? "";

export function parseFilter(params: URLSearchParams): Filter {
  const text = (name: string) => (params.get(name) ?? "").slice(0, 200);
  const date = (name: string) => (day.test(params.get(name) ?? "") ? params.get(name)! : "");
  const order = params.get("sort") ?? "-start";
  const sort = known(sorts, order.replace(/^-/, ""));
  return {
    q: text("q"),
    endUser: text("endUser"),
    computer: text("computer"),
    ticket: text("ticket"),
    agent: text("agent").slice(0, 64),
    type: known(types, params.get("type")),
    from: date("from"),
    to: date("to"),
    when: known(spans, params.get("when")),
    mine: params.get("whose") === "mine",
    sort: sort || "start",
    descending: sort ? order.startsWith("-") : true,
  };
}

export function formatFilter(filter: Filter): URLSearchParams {
  const params = new URLSearchParams();
  for (const name of [...texts, "agent", "type", "when", "from", "to"] as const) {
    if (filter[name]) params.set(name, filter[name]);
  }
  if (filter.mine) params.set("whose", "mine");
  if (filter.sort !== "start" || !filter.descending)
    params.set("sort", `${filter.descending ? "-" : ""}${filter.sort}`);
  return params;
}

/** Whether anything but the order is other than at first. */
export function filtered(filter: Filter): boolean {
  return [...texts, "agent", "type", "when", "from", "to"].some((name) => filter[name as keyof Filter] !== "");
}

/** The filter as the API takes it; today: any moment of the viewer's day. all: whether the agent may see everyone's. */
export function queryOf(filter: Filter, all: boolean, today: Date): LogQuery {
  const [from, to] = range(filter, today);
  return {
    all: all && !filter.mine,
    q: filter.q.trim() || undefined,
    endUser: filter.endUser.trim() || undefined,
    computer: filter.computer.trim() || undefined,
    ticket: filter.ticket.trim() || undefined,
    agent: (all && filter.agent) || undefined,
    type: filter.type || undefined,
    from: from?.toISOString(),
    to: to?.toISOString(),
    sort: filter.sort === "start" ? undefined : filter.sort,
    order: filter.descending ? undefined : "asc",
  };
}

function range(filter: Filter, today: Date): [from?: Date, to?: Date] {
  const midnight = (days: number) => new Date(today.getFullYear(), today.getMonth(), today.getDate() + days);
  switch (filter.when) {
    case "today":
      return [midnight(0)];
    case "yesterday":
      return [midnight(-1), midnight(0)];
    case "7d":
      return [midnight(-6)];
    case "30d":
      return [midnight(-29)];
  }
  const local = (text: string, plus: number) => {
    if (!text) return undefined;
    const [y, m, d] = text.split("-").map(Number);
    return new Date(y!, m! - 1, d! + plus);
  };
  return [local(filter.from, 0), local(filter.to, 1)];
}

/** The filter in the address, and a way to change it: a step that Back takes back, or while typing none. */
export function useFilter(): [Filter, (change: Partial<Filter>, typing?: boolean) => void] {
  const [params, setParams] = useSearchParams();
  const filter = useMemo(() => parseFilter(params), [params]);
  const change = useCallback(
    (part: Partial<Filter>, typing = false) => {
      setParams((now) => formatFilter({ ...parseFilter(now), ...part }), { replace: typing });
    },
    [setParams],
  );
  return [filter, change];
}
