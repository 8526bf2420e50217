import { Tooltip } from "@mantine/core";
import { IconDeviceDesktop, IconEye, IconNote, IconPointer, IconShieldCheck } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import type { Session } from "../../api/sessions";
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
  const detail = [session.system, session.address].filter(Boolean);
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

/** How many displays there are, and whether the client may do what an administrator may. */
export function ReadinessCell({ session }: { session: Session }) {
  const { t } = useTranslation();
  if (session.displays === 0) return null;
  const displays = t("sessions.displays", { count: session.displays });
  const elevated = t("sessions.elevated");
  return (
    <div className={classes.marks}>
      <Tooltip label={displays}>
        <span className={classes.mark} role="img" aria-label={displays}>
          <IconDeviceDesktop {...icon} aria-hidden />
          {session.displays}
        </span>
      </Tooltip>
      {session.elevated && (
        <Tooltip label={elevated}>
          <span className={classes.mark} role="img" aria-label={elevated}>
            <IconShieldCheck {...icon} aria-hidden />
          </span>
        </Tooltip>
      )}
    </div>
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
