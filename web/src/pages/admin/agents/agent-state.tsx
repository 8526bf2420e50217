import { IconCircleCheck, IconCircleOff, IconClock, IconMail } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import type { AgentRow } from "../../../api/agents";
import badge from "../../../components/state.module.css";
import { useNow } from "../../../i18n/use-now";

const looks = {
  active: { tone: "ok", Icon: IconCircleCheck },
  invited: { tone: "accent", Icon: IconMail },
  expired: { tone: "warn", Icon: IconClock },
  disabled: { tone: "idle", Icon: IconCircleOff },
} as const;

/** Whether an agent can log in: icon, word and colour. */
export function AgentStateBadge({ agent }: { agent: AgentRow }) {
  const { t } = useTranslation();
  const now = useNow(60);
  const over = agent.state === "invited" && Date.parse(agent.invitedUntil ?? "") <= now;
  const state = over ? "expired" : agent.state;
  const { tone, Icon } = looks[state];
  return (
    <span className={badge.state} data-tone={tone}>
      <Icon size={15} stroke={2} aria-hidden />
      {t(`agentState.${state}`)}
    </span>
  );
}
