import { Button, Menu } from "@mantine/core";
import { IconEye, IconPointer, IconUserPlus, IconUsers } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import { initial, useFormat } from "../../i18n/format";
import type { Viewer, ViewerState, Watcher } from "../../viewer/state";
import { companyOf } from "./company";
import classes from "./people.module.css";
import tools from "./toolbar.module.css";

const icon = { size: 16, stroke: 1.75, "aria-hidden": true } as const;

interface PeopleProps {
  state: ViewerState;
  viewer: Viewer | undefined;
  onInvite?: () => void;
}

/** The agents in the session with their colours; who has control hands it over here. */
export function People({ state, viewer, onInvite }: PeopleProps) {
  const { t } = useTranslation();
  const format = useFormat();
  const { you, others, owner, mine } = companyOf(state);
  if (others.length === 0 && !onInvite) return null;
  const all = you ? [you, ...others] : others;
  const takers = mine && you?.control ? others.filter((one) => one.control) : [];
  const name =
    others.length === 0 ? t("company.title") : t("company.here", { names: format.list(all.map((one) => one.name)) });
  const standing = (one: Watcher) =>
    one.agentId === owner?.agentId ? t("company.controls") : one.control ? t("company.may") : t("level.view");
  return (
    <Menu position="bottom-start" width={280}>
      <Menu.Target>
        <Button variant="subtle" className={tools.tool} aria-label={name}>
          {others.length === 0 ? (
            <IconUsers size={17} stroke={1.75} aria-hidden />
          ) : (
            <span className={classes.dots} aria-hidden>
              {all.slice(0, 4).map((one) => (
                <Dot key={one.agentId} one={one} active={one.agentId === owner?.agentId} />
              ))}
              {all.length > 4 && <span className={classes.more}>{`+${all.length - 4}`}</span>}
            </span>
          )}
        </Button>
      </Menu.Target>
      <Menu.Dropdown>
        {all.map((one) => (
          <Menu.Label key={one.agentId} className={classes.row}>
            <Dot one={one} active={one.agentId === owner?.agentId} />
            <span className={classes.name}>{one.you ? t("company.you", { name: one.name }) : one.name}</span>
            <span className={classes.standing}>{standing(one)}</span>
          </Menu.Label>
        ))}
        {takers.map((one) => (
          <Menu.Item
            key={one.agentId}
            leftSection={<IconPointer {...icon} />}
            onClick={() => viewer?.wish({ action: "hand-over", agentId: one.agentId })}
          >
            {t("company.handTo", { name: one.name })}
          </Menu.Item>
        ))}
        {!mine && you?.mayTake && you.control && owner && (
          <Menu.Item leftSection={<IconPointer {...icon} />} onClick={() => viewer?.wish({ action: "take" })}>
            {t("viewer.toControl")}
          </Menu.Item>
        )}
        {onInvite && (
          <Menu.Item leftSection={<IconUserPlus {...icon} />} onClick={onInvite}>
            {t("colleague.inviteOne")}
          </Menu.Item>
        )}
      </Menu.Dropdown>
    </Menu>
  );
}

function Dot({ one, active }: { one: Watcher; active: boolean }) {
  return (
    <span className={classes.dot} data-colour={one.colour % 8} data-active={active || undefined} aria-hidden>
      {initial(one.name) ?? <IconEye size={12} />}
    </span>
  );
}
