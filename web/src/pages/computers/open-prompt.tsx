import { Menu } from "@mantine/core";
import { IconExternalLink } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import type { Computer } from "../../api/computers";
import { useMay } from "../../api/me";

export const promptPath = (computer: Computer) => `/computers/${computer.id}/prompt`;

/** Whether command prompts can be opened there now. */
export const hasPrompts = (computer: Computer) => computer.prompts && computer.status !== "offline";

/** Opens a command prompt of a computer in a tab of the browser of its own; nothing where there is none to be had. */
export function OpenPromptElsewhere({ computer }: { computer: Computer }) {
  const { t } = useTranslation();
  const may = useMay("prompt");
  if (!may || !hasPrompts(computer)) return null;
  return (
    <Menu.Item
      leftSection={<IconExternalLink size={16} stroke={1.75} aria-hidden />}
      onClick={() => window.open(promptPath(computer), "_blank", "noopener")} // which prompts this tab has is not copied to the other
    >
      {t("prompt.openElsewhere")}
    </Menu.Item>
  );
}
