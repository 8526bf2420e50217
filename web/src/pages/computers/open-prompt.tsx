import { ActionIcon, Menu, Tooltip } from "@mantine/core";
import { IconExternalLink, IconTerminal2 } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import type { Computer } from "../../api/computers";
import { useMay } from "../../api/me";
import { useOpenViewer } from "../../components/use-open-viewer";

const path = (computer: Computer) => `/computers/${computer.id}/prompt`;

/** Whether this agent can open command prompts there now. */
function useCan(computer: Computer): boolean {
  const may = useMay("prompt");
  return may && computer.prompts && computer.status !== "offline";
}

/** Opens a command prompt of a computer; nothing where there is none to be had. */
export function OpenPrompt({ computer }: { computer: Computer }) {
  const { t } = useTranslation();
  const open = useOpenViewer(path(computer));
  if (!useCan(computer)) return null;
  return (
    <Tooltip label={t("prompt.open")}>
      <ActionIcon aria-label={t("prompt.open")} aria-describedby={`computer-${computer.id}`} {...open}>
        <IconTerminal2 size={17} stroke={1.75} aria-hidden />
      </ActionIcon>
    </Tooltip>
  );
}

/** The same in a computer's menu, in a tab of the browser of its own. */
export function OpenPromptElsewhere({ computer }: { computer: Computer }) {
  const { t } = useTranslation();
  if (!useCan(computer)) return null;
  return (
    <Menu.Item
      leftSection={<IconExternalLink size={16} stroke={1.75} aria-hidden />}
      onClick={() => window.open(path(computer), "_blank", "noopener")} // which prompts this tab has is not copied to the other
    >
      {t("prompt.openElsewhere")}
    </Menu.Item>
  );
}
