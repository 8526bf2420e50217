import { Button, Popover } from "@mantine/core";
import { IconSend } from "@tabler/icons-react";
import { lazy, Suspense, useState } from "react";
import { useTranslation } from "react-i18next";
import { ahead } from "../../components/ahead";
import type { Link } from "./use-link";

const SendForm = lazy(ahead(() => import("./send-form")));

/** "Send now": the server mails the link with its instructions, in the language that the agent picks. Answers go to the agent. */
export function SendNow({ link }: { link: Link }) {
  const { t } = useTranslation();
  const [open, setOpen] = useState(false);
  return (
    <Popover opened={open} onChange={setOpen} position="bottom-start" width={320} trapFocus returnFocus>
      <Popover.Target>
        <Button
          variant="subtle"
          leftSection={<IconSend size={16} stroke={1.75} aria-hidden />}
          onClick={() => setOpen(!open)}
        >
          {t("link.sendNow")}
        </Button>
      </Popover.Target>
      <Popover.Dropdown aria-label={t("link.sendNow")}>
        <Suspense>
          <SendForm link={link} />
        </Suspense>
      </Popover.Dropdown>
    </Popover>
  );
}
