import { Button } from "@mantine/core";
import { IconAlertTriangle } from "@tabler/icons-react";
import { useMemo, useRef } from "react";
import { useTranslation } from "react-i18next";
import { Link, useLocation } from "react-router";
import { type Computer, isOthers } from "../../api/computers";
import { useMay, useMe } from "../../api/me";
import { type Choosing, choiceColumn } from "../../components/choice-column";
import type { Column } from "../../components/grid/grid";
import { RelativeTime } from "../../components/relative-time";
import { ComputerStatusBadge } from "../../components/state";
import { useOpenViewer } from "../../components/use-open-viewer";
import { ComputerMenu } from "./computer-menu";
import classes from "./computers.module.css";
import type { Doing } from "./doing";
import { useComputerDrag } from "./drag";
import { OpenPrompt } from "./open-prompt";

export function useColumns(
  choosing: Choosing,
  wakeable: ReadonlySet<string>,
  onDo: (doing: Doing) => void,
): Column<Computer>[] {
  const { t } = useTranslation();
  const me = useMe();
  return useMemo<Column<Computer>[]>(
    () => [
      choiceColumn(t, choosing),
      {
        id: "name",
        header: t("column.name"),
        track: "minmax(140px, 1.6fr)",
        slot: "lead",
        value: (c) => c.name,
        cell: (c) => <Name computer={c} chosen={choosing.chosen} />,
      },
      {
        id: "status",
        header: t("column.status"),
        track: "128px",
        slot: "side",
        value: (c) => ["online", "in-use", "offline"].indexOf(c.status),
        cell: (c) => <ComputerStatusBadge status={c.status} />,
      },
      {
        id: "user",
        header: t("column.user"),
        track: "minmax(90px, 1fr)",
        slot: "line",
        named: true,
        value: (c) => c.userName,
        cell: (c) => c.userName,
      },
      {
        id: "system",
        header: t("column.system"),
        track: "minmax(110px, 1.2fr)",
        from: 860,
        slot: "line",
        value: (c) => c.system,
        cell: (c) => c.system,
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
        track: "minmax(90px, 1fr)",
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
        cell: (c) => (c.status === "offline" ? <RelativeTime time={c.lastSeenAt} /> : t("computers.now")),
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
            {c.status !== "offline" && !isOthers(c, me) && <Connect computer={c} />}
            {!isOthers(c, me) && <OpenPrompt computer={c} />}
            <ComputerMenu computer={c} wakeable={wakeable.has(c.id)} onDo={onDo} />
          </span>
        ),
      },
    ],
    [t, me, choosing, wakeable, onDo],
  );
}

function Name({ computer, chosen }: { computer: Computer; chosen: ReadonlySet<string> }) {
  const element = useRef<HTMLSpanElement>(null);
  const { search } = useLocation();
  useComputerDrag(element, computer.id, chosen);
  return (
    <span ref={element} className={classes.computer}>
      <Link
        className={classes.name}
        id={`computer-${computer.id}`}
        to={{ pathname: `/computers/${computer.id}`, search }}
        draggable={false}
      >
        {computer.name}
      </Link>
      {computer.clonedAt && <Cloned />}
      {computer.tags.length > 0 && (
        <span className={classes.tags}>
          {computer.tags.map((tag) => (
            <span key={tag} className={classes.tag}>
              {tag}
            </span>
          ))}
        </span>
      )}
    </span>
  );
}

function Cloned() {
  const { t } = useTranslation();
  return (
    <span className={classes.cloned}>
      <IconAlertTriangle size={14} stroke={2} aria-hidden />
      <span>{t("cloned.note")}</span>
    </span>
  );
}

function Connect({ computer }: { computer: Computer }) {
  const { t } = useTranslation();
  const open = useOpenViewer(`/computers/${computer.id}/viewer`);
  const mayView = useMay("view");
  if (!mayView) return null;
  return (
    <Button aria-describedby={`computer-${computer.id}`} {...open}>
      {t("sessions.connect")}
    </Button>
  );
}
