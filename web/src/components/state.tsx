import {
  IconCircleCheck,
  IconCircleOff,
  IconClock,
  IconHelpCircle,
  IconMail,
  IconPlugConnectedX,
  IconRefresh,
  IconScreenShare,
} from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import type { Computer } from "../api/computers";
import type { SessionState } from "../api/sessions";
import classes from "./state.module.css";

const session = {
  invited: { tone: "idle", Icon: IconMail },
  waiting: { tone: "idle", Icon: IconClock },
  ready: { tone: "ok", Icon: IconCircleCheck },
  asking: { tone: "warn", Icon: IconHelpCircle },
  connected: { tone: "accent", Icon: IconScreenShare },
  reconnecting: { tone: "warn", Icon: IconRefresh },
  ended: { tone: "idle", Icon: IconCircleOff },
} as const;

const computer = {
  online: { tone: "ok", Icon: IconCircleCheck },
  offline: { tone: "idle", Icon: IconPlugConnectedX },
  "in-use": { tone: "accent", Icon: IconScreenShare },
} as const;

/** Where a session stands: icon, word and colour, never colour alone. */
export function SessionStateBadge({ state }: { state: SessionState }) {
  const { t } = useTranslation();
  const { tone, Icon } = session[state];
  return (
    <span className={classes.state} data-tone={tone}>
      <Icon size={15} stroke={2} aria-hidden />
      {t(`state.${state}`)}
    </span>
  );
}

/** Whether a computer can be reached. */
export function ComputerStatusBadge({ status }: { status: Computer["status"] }) {
  const { t } = useTranslation();
  return computerStatus(status, t(`status.${status}`));
}

/** The same without a hook, for a row of many. */
export function computerStatus(status: Computer["status"], word: string) {
  const { tone, Icon } = computer[status];
  return (
    <span className={classes.state} data-tone={tone}>
      <Icon size={15} stroke={2} aria-hidden />
      {word}
    </span>
  );
}
