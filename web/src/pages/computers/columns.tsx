import { IconAlertTriangle, IconDots, IconTerminal2 } from "@tabler/icons-react";
import { type MouseEvent, useMemo } from "react";
import { useTranslation } from "react-i18next";
import { useLocation, useNavigate } from "react-router";
import { type Computer, isOthers } from "../../api/computers";
import { useMay, useMe } from "../../api/me";
import { type Choosing, choiceColumn } from "../../components/choice-column";
import type { Column } from "../../components/grid/grid";
import { RowButton, RowIcon } from "../../components/row-button";
import { computerStatus } from "../../components/state";
import { opensViewer } from "../../components/use-open-viewer";
import { type Format, useFormat } from "../../i18n/format";
import { shortSystem } from "../../i18n/system";
import { useNow } from "../../i18n/use-now";
import classes from "./computers.module.css";
import { hasPrompts, promptPath } from "./open-prompt";

const icon = { size: 17, stroke: 1.75, "aria-hidden": true } as const;
const dots = <IconDots {...icon} />;
const terminal = <IconTerminal2 {...icon} />;

/**
 * The columns. With every key of a search dozens of rows are drawn, so what is in their cells is plain: no hooks but a clock, words that were looked up
 * before, and one menu and one tooltip for all rows (see ComputerRows).
 */
export function useColumns(
  choosing: Choosing,
  /** Opens or closes the menu of a computer, at the button. */
  onMore: (id: string, button: HTMLElement) => void,
): Column<Computer>[] {
  const { t } = useTranslation();
  const format = useFormat();
  const me = useMe();
  const mayView = useMay("view");
  const mayPrompt = useMay("prompt");
  const navigate = useNavigate();
  const { search } = useLocation();
  return useMemo<Column<Computer>[]>(() => {
    const status = { online: t("status.online"), offline: t("status.offline"), "in-use": t("status.in-use") };
    const words = { connect: t("sessions.connect"), prompt: t("prompt.open"), more: t("action.more") };
    const now = t("computers.now");
    const cloned = t("cloned.note");
    const toDetails = (event: MouseEvent<HTMLAnchorElement>) => {
      if (event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return;
      event.preventDefault();
      navigate({ pathname: event.currentTarget.pathname, search });
    };
    return [
      choiceColumn(t, choosing),
      {
        id: "name",
        header: t("column.name"),
        track: "minmax(140px, 1.6fr)",
        slot: "lead",
        value: (c) => c.name,
        cell: (c) => (
          <span className={classes.computer}>
            <a
              className={classes.name}
              id={`computer-${c.id}`}
              href={`/computers/${c.id}${search}`}
              onClick={toDetails}
              draggable={false}
            >
              {c.name}
            </a>
            {c.clonedAt && (
              <span className={classes.cloned}>
                <IconAlertTriangle size={14} stroke={2} aria-hidden />
                <span>{cloned}</span>
              </span>
            )}
            {c.tags.length > 0 && <span className={classes.tags}>{c.tags.map(tag)}</span>}
          </span>
        ),
      },
      {
        id: "status",
        header: t("column.status"),
        track: "128px",
        slot: "side",
        value: (c) => ["online", "in-use", "offline"].indexOf(c.status),
        cell: (c) => computerStatus(c.status, status[c.status]),
      },
      {
        id: "user",
        header: t("column.user"),
        track: "minmax(80px, 1fr)",
        slot: "line",
        named: true,
        value: (c) => c.userName,
        cell: (c) => c.userName,
      },
      {
        id: "system",
        header: t("column.system"),
        track: "minmax(100px, 1.2fr)",
        from: 860,
        slot: "line",
        value: (c) => c.system,
        cell: (c) => shortSystem(c.system),
      },
      {
        id: "address",
        header: t("column.address"),
        track: "minmax(112px, 0.9fr)",
        from: 1120,
        slot: "none",
        value: (c) => c.address,
        cell: (c) => c.address,
      },
      {
        id: "owner",
        header: t("column.owner"),
        track: "minmax(80px, 1fr)",
        from: 940, // a window of 1440 has it
        slot: "line",
        named: true,
        value: (c) => c.owner.name,
        cell: (c) =>
          c.owner.disabled ? (
            <span className={classes.gone}>{t("details.ownerDisabled", { name: c.owner.name })}</span>
          ) : (
            c.owner.name
          ),
      },
      {
        id: "seen",
        header: t("column.lastSeen"),
        track: "100px",
        slot: "line",
        named: true,
        end: true,
        value: (c) => -Date.parse(c.lastSeenAt),
        cell: (c) => (c.status === "offline" ? <Seen time={c.lastSeenAt} format={format} /> : now),
      },
      {
        id: "act",
        header: t("column.actions"),
        headerHidden: true,
        track: "188px",
        slot: "act",
        end: true,
        cell: (c) => (
          <span className={classes.act}>
            {mayView && c.status !== "offline" && !isOthers(c, me) && (
              <RowButton aria-describedby={`computer-${c.id}`} {...opensViewer(navigate, `/computers/${c.id}/viewer`)}>
                {words.connect}
              </RowButton>
            )}
            {mayPrompt && hasPrompts(c) && !isOthers(c, me) && (
              <RowIcon
                label={words.prompt}
                icon={terminal}
                aria-describedby={`computer-${c.id}`}
                {...opensViewer(navigate, promptPath(c))}
              />
            )}
            <RowIcon
              id={`more-${c.id}`}
              label={words.more}
              icon={dots}
              aria-describedby={`computer-${c.id}`}
              aria-haspopup="menu"
              aria-expanded={false}
              onClick={(event) => onMore(c.id, event.currentTarget)}
            />
          </span>
        ),
      },
    ];
  }, [t, format, me, mayView, mayPrompt, navigate, search, choosing, onMore]);
}

const tag = (name: string) => (
  <span key={name} className={classes.tag}>
    {name}
  </span>
);

/** RelativeTime without a tooltip of its own: the Tips around it show the exact time. */
function Seen({ time, format }: { time: string; format: Format }) {
  return <time dateTime={time}>{format.ago(time, useNow(10))}</time>;
}
