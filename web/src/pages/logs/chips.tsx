import { Button, UnstyledButton } from "@mantine/core";
import { IconX } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { logAgentsQuery } from "../../api/logs";
import { useFormat } from "../../i18n/format";
import classes from "./chips.module.css";
import { type Filter, noFilter } from "./filter";

/** Every filter that is on, each to be taken away with one click. */
export function Chips(props: { filter: Filter; change: (part: Partial<Filter>) => void; everyone: boolean }) {
  const { filter, change, everyone } = props;
  const { t } = useTranslation();
  const format = useFormat();
  const { data: agents } = useQuery({ ...logAgentsQuery, enabled: everyone && filter.agent !== "" });
  const chips: { key: string; text: string; without: Partial<Filter> }[] = [];
  const add = (key: string, name: string, value: string, without: Partial<Filter>) => {
    if (value) chips.push({ key, text: t("logs.chip", { name, value }), without });
  };
  const day = (text: string) => text && format.day(`${text}T12:00`);
  add("q", t("logs.searchShort"), filter.q, { q: "" });
  add("when", t("column.start"), filter.when && t(`span.${filter.when}`), { when: "" });
  add("from", t("logs.from"), day(filter.from), { from: "" });
  add("to", t("logs.to"), day(filter.to), { to: "" });
  if (everyone && !filter.mine) {
    const agent = agents?.find((one) => one.id === filter.agent);
    add("agent", t("logs.agent"), filter.agent && (agent?.name ?? "…"), { agent: "" });
  }
  add("type", t("column.type"), filter.type && t(`type.${filter.type}`), { type: "" });
  add("endUser", t("column.endUser"), filter.endUser, { endUser: "" });
  add("computer", t("column.computer"), filter.computer, { computer: "" });
  add("ticket", t("column.ticket"), filter.ticket, { ticket: "" });
  if (chips.length === 0) return null;
  return (
    <ul className={classes.chips} aria-label={t("logs.active")}>
      {chips.map((chip) => (
        <li key={chip.key}>
          <UnstyledButton
            className={classes.chip}
            aria-label={t("logs.remove", { filter: chip.text })}
            onClick={() => change(chip.without)}
          >
            <span>{chip.text}</span>
            <IconX size={13} stroke={2} aria-hidden />
          </UnstyledButton>
        </li>
      ))}
      {chips.length > 1 && (
        <li>
          <Button
            size="compact-sm"
            variant="subtle"
            onClick={() => change({ ...noFilter, mine: filter.mine, sort: filter.sort, descending: filter.descending })}
          >
            {t("logs.clearAll")}
          </Button>
        </li>
      )}
    </ul>
  );
}
