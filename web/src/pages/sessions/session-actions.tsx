import { ActionIcon, Button, Menu, Tooltip } from "@mantine/core";
import {
  IconArrowsExchange,
  IconCircleOff,
  IconDots,
  IconExternalLink,
  IconNote,
  IconUserPlus,
} from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import { useMay, useMe } from "../../api/me";
import { connectable, type Session } from "../../api/sessions";
import { useOpenViewer } from "../../components/use-open-viewer";
import type { ForAgent } from "./agent-dialog";
import classes from "./session-cells.module.css";

const icon = { size: 16, stroke: 1.75, "aria-hidden": true } as const;

/** Connect, or Join where another agent is; the rest in a menu. */
export function SessionActions(props: {
  session: Session;
  onNote: (session: Session) => void;
  onEnd: (session: Session) => void;
  onAgent: (session: Session, what: ForAgent) => void;
}) {
  const { session, onNote, onEnd, onAgent } = props;
  const { t } = useTranslation();
  const me = useMe();
  const path = `/sessions/${session.id}/viewer`;
  const open = useOpenViewer(path);
  const others = session.viewers.some((viewer) => viewer.agentId !== me.id);
  const mayAct =
    session.mine || me.role === "administrator" || session.viewers.some((viewer) => viewer.agentId === me.id);
  const mayView = useMay("view");
  const can = connectable(session) && mayView;
  const mayGive = (session.mine || me.role === "administrator") && me.permissions.includes("transfer");
  return (
    <div className={classes.actions}>
      {can && (
        <Button
          variant={session.state === "ready" ? "filled" : "default"}
          aria-describedby={`name-${session.id}`}
          {...open}
        >
          {others ? t("sessions.join") : t("sessions.connect")}
        </Button>
      )}
      {(can || mayAct) && (
        <Menu position="bottom-end" width={220}>
          <Tooltip label={t("action.more")}>
            <Menu.Target>
              <ActionIcon aria-label={t("action.more")} aria-describedby={`name-${session.id}`}>
                <IconDots size={17} stroke={1.75} aria-hidden />
              </ActionIcon>
            </Menu.Target>
          </Tooltip>
          <Menu.Dropdown>
            {can && (
              <Menu.Item leftSection={<IconExternalLink {...icon} />} component="a" href={path} target="_blank">
                {t("sessions.newTab")}
              </Menu.Item>
            )}
            {mayAct && (
              <>
                <Menu.Item leftSection={<IconNote {...icon} />} onClick={() => onNote(session)}>
                  {t("sessions.note")}
                </Menu.Item>
                {me.permissions.includes("invite-agents") && (
                  <Menu.Item leftSection={<IconUserPlus {...icon} />} onClick={() => onAgent(session, "invite")}>
                    {t("colleague.inviteOne")}
                  </Menu.Item>
                )}
                {mayGive && session.type === "attended" && (
                  <Menu.Item
                    leftSection={<IconArrowsExchange {...icon} />}
                    onClick={() => onAgent(session, "transfer")}
                  >
                    {t("colleague.transferTo")}
                  </Menu.Item>
                )}
                <Menu.Divider />
                <Menu.Item data-bad leftSection={<IconCircleOff {...icon} />} onClick={() => onEnd(session)}>
                  {t("sessions.end")}
                </Menu.Item>
              </>
            )}
          </Menu.Dropdown>
        </Menu>
      )}
    </div>
  );
}
