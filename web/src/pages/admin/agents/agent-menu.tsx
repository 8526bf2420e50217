import { ActionIcon, Menu, Tooltip } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import {
  IconCircleCheck,
  IconCircleOff,
  IconDots,
  IconKey,
  IconLink,
  IconPencil,
  IconShieldOff,
  IconUnlink,
} from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import { type AgentRow, useSetDisabled } from "../../../api/agents";
import type { Me } from "../../../api/me";
import { useFaultText } from "../../../components/fault-text";
import type { Doing } from "./columns";

const icon = { size: 16, stroke: 1.75, "aria-hidden": true } as const;

/** What can be done with one agent. */
export function AgentMenu({ agent, me, onDo }: { agent: AgentRow; me: Me; onDo: (doing: Doing) => void }) {
  const { t } = useTranslation();
  const set = useSetDisabled();
  const faultText = useFaultText();
  const agents = [agent];
  const enable = () =>
    set.mutate(
      { ids: [agent.id], disabled: false },
      { onError: (error) => notifications.show({ message: faultText(error).text }) },
    );
  return (
    <Menu position="bottom-end" width={230}>
      <Tooltip label={t("action.more")}>
        <Menu.Target>
          <ActionIcon aria-label={t("action.more")} aria-describedby={`agent-${agent.id}`}>
            <IconDots size={17} stroke={1.75} aria-hidden />
          </ActionIcon>
        </Menu.Target>
      </Tooltip>
      <Menu.Dropdown>
        <Menu.Item leftSection={<IconPencil {...icon} />} onClick={() => onDo({ what: "edit", agents })}>
          {t("agents.edit")}
        </Menu.Item>
        {agent.state === "invited" && (
          <Menu.Item leftSection={<IconLink {...icon} />} onClick={() => onDo({ what: "link", agents })}>
            {t("agents.newLink")}
          </Menu.Item>
        )}
        {agent.state === "active" && agent.id !== me.id && (
          <Menu.Item leftSection={<IconKey {...icon} />} onClick={() => onDo({ what: "password", agents })}>
            {t("agents.resetPassword")}
          </Menu.Item>
        )}
        {agent.secondFactor && agent.id !== me.id && (
          <Menu.Item leftSection={<IconShieldOff {...icon} />} onClick={() => onDo({ what: "factor", agents })}>
            {t("agents.resetFactor")}
          </Menu.Item>
        )}
        {agent.signOn && agent.id !== me.id && (
          <Menu.Item leftSection={<IconUnlink {...icon} />} onClick={() => onDo({ what: "unlink", agents })}>
            {t("signOn.unlinkAgent")}
          </Menu.Item>
        )}
        {agent.id !== me.id && (
          <>
            <Menu.Divider />
            {agent.state === "disabled" ? (
              <Menu.Item leftSection={<IconCircleCheck {...icon} />} onClick={enable}>
                {t("agents.enable")}
              </Menu.Item>
            ) : (
              <Menu.Item
                data-bad
                leftSection={<IconCircleOff {...icon} />}
                onClick={() => onDo({ what: "disable", agents })}
              >
                {t("agents.disable")}
              </Menu.Item>
            )}
          </>
        )}
      </Menu.Dropdown>
    </Menu>
  );
}
