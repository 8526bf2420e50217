import { Popover, Tooltip, UnstyledButton } from "@mantine/core";
import {
  IconAntennaBars2,
  IconAntennaBars3,
  IconAntennaBars5,
  IconDeviceDesktop,
  IconEye,
  IconNote,
  IconPointer,
  IconShieldCheck,
} from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import type { Session } from "../../api/sessions";
import { useFormat } from "../../i18n/format";
import { shortSystem } from "../../i18n/system";
import classes from "./session-cells.module.css";

const icon = { size: 15, stroke: 1.75 } as const;

/** Whom a session is with, for a sentence: the name in the link, else the account, else the computer. */
export function sessionName(session: Session): string {
  return session.endUserName || session.userName || session.computer;
}

/** Name and ticket. The name is a claim of the link, as the hint says. */
export function EndUserCell({ session }: { session: Session }) {
  const { t } = useTranslation();
  return (
    <div className={classes.two}>
      <div className={classes.first} id={`name-${session.id}`}>
        <span className={session.endUserName ? classes.name : classes.noName}>
          {session.endUserName || t("sessions.noName")}
        </span>
        {session.note && (
          <Tooltip label={session.note} multiline>
            <span className={classes.note} role="img" aria-label={t("sessions.hasNote", { note: session.note })}>
              <IconNote {...icon} aria-hidden />
            </span>
          </Tooltip>
        )}
      </div>
      {session.ticket && <div className={classes.second}>{t("sessions.ticket", { ticket: session.ticket })}</div>}
    </div>
  );
}

export function ComputerCell({ session }: { session: Session }) {
  const detail = [shortSystem(session.system), session.address].filter(Boolean);
  return (
    <div className={classes.two}>
      <div className={classes.first}>
        <span className={classes.computer}>{session.computer || "–"}</span>
        {session.userName && <span className={classes.user}>{session.userName}</span>}
      </div>
      <div className={classes.second}>
        {detail.map((part) => (
          <span key={part} className={classes.part}>
            {part}
          </span>
        ))}
      </div>
    </div>
  );
}

const qualities = { good: IconAntennaBars5, fair: IconAntennaBars3, poor: IconAntennaBars2 } as const;

/** How the client's connection is, how many displays there are, and whether it may do what an administrator may; a click tells more. */
export function ReadinessCell({ session }: { session: Session }) {
  const { t } = useTranslation();
  const { displays, elevated, quality } = session;
  if (displays === 0 && !quality) return null;
  const Bars = quality && qualities[quality];
  const said = [
    quality && t(`quality.${quality}`),
    displays > 0 && t("sessions.displays", { count: displays }),
    elevated && t("sessions.elevated"),
  ].filter((text) => typeof text === "string");
  return (
    <Popover position="bottom-start" width={300} trapFocus returnFocus>
      <Popover.Target>
        <UnstyledButton className={classes.marks} aria-label={said.join(", ")} aria-describedby={`name-${session.id}`}>
          {Bars && (
            <span className={classes.mark} data-quality={quality}>
              <Bars {...icon} aria-hidden />
            </span>
          )}
          {displays > 0 && (
            <span className={classes.mark}>
              <IconDeviceDesktop {...icon} aria-hidden />
              {displays}
            </span>
          )}
          {elevated && (
            <span className={classes.mark}>
              <IconShieldCheck {...icon} aria-hidden />
            </span>
          )}
        </UnstyledButton>
      </Popover.Target>
      <Popover.Dropdown aria-label={t("readiness.title")}>
        <Details session={session} />
      </Popover.Dropdown>
    </Popover>
  );
}

function Details({ session }: { session: Session }) {
  const { t } = useTranslation();
  const format = useFormat();
  const rows: [string, string][] = [
    [t("readiness.connection"), session.quality ? t(`quality.${session.quality}`) : t("quality.unknown")],
    [t("readiness.rights"), session.elevated ? t("sessions.elevated") : t("readiness.plain")],
    [t("readiness.displays"), format.number(session.displays)],
    [t("readiness.system"), session.system || "–"],
    [t("readiness.address"), session.address],
    [t("readiness.came"), format.stamp(session.createdAt)],
    [t(`state.${session.state}`), format.stamp(session.since)],
  ];
  return (
    <dl className={classes.details}>
      {rows.map(([term, text]) => (
        <div key={term}>
          <dt>{term}</dt>
          <dd>{text}</dd>
        </div>
      ))}
    </dl>
  );
}

/** Who has a view open, and whether they may control. */
export function ViewersCell({ session }: { session: Session }) {
  const { t } = useTranslation();
  return (
    <ul className={classes.viewers}>
      {session.viewers.map((viewer) => {
        const Icon = viewer.level === "control" ? IconPointer : IconEye;
        const level = viewer.state === "asking" ? t("viewerState.asking") : t(`level.${viewer.level}`);
        return (
          <li key={viewer.id} className={classes.viewer}>
            <Tooltip label={level}>
              <span role="img" aria-label={level}>
                <Icon {...icon} aria-hidden />
              </span>
            </Tooltip>
            <span className={classes.viewerName}>{viewer.agentName}</span>
          </li>
        );
      })}
    </ul>
  );
}
