import { Tooltip } from "@mantine/core";
import { type Icon, IconAdjustmentsHorizontal } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import { NavLink, Outlet } from "react-router";
import { useMe } from "../../api/me";
import { ConnectionLost } from "../../live/connection-lost";
import { sectionsOf } from "../../pages/admin/sections";
import { BrandMark } from "../brand-mark";
import { Commands } from "../commands/commands";
import { places } from "./places";
import classes from "./shell.module.css";
import { useViewerStandby } from "./use-viewer-standby";
import { UserMenu } from "./user-menu";

/** What is around every page: the places at the left (at the bottom of a phone), the agent's menu at the top right. */
export function Shell() {
  const { t } = useTranslation();
  const me = useMe();
  useViewerStandby();
  return (
    <div className={classes.shell}>
      <a href="#content" className={classes.skip}>
        {t("nav.skip")}
      </a>
      <nav className={classes.rail} aria-label={t("nav.label")}>
        <div className={classes.brand}>
          <BrandMark />
          <span className={classes.company}>{me.company || "Deskhand"}</span>
        </div>
        <Commands />
        <ul className={classes.places}>
          {places.map(({ to, key, Icon }) => (
            <li key={to}>
              <Place to={to} name={t(key)} Icon={Icon} />
            </li>
          ))}
          {sectionsOf(me).length > 0 && (
            <li>
              <Place to="/admin" name={t("admin.title")} Icon={IconAdjustmentsHorizontal} />
            </li>
          )}
        </ul>
        <div className={classes.version}>{t("nav.version", { version: me.serverVersion })}</div>
      </nav>
      <header className={classes.bar}>
        <UserMenu />
      </header>
      <main id="content" tabIndex={-1} className={classes.sheet}>
        <Outlet />
      </main>
      <ConnectionLost />
    </div>
  );
}

function Place({ to, name, Icon }: { to: string; name: string; Icon: Icon }) {
  return (
    <Tooltip label={name} position="right" classNames={{ tooltip: classes.railTooltip }}>
      <NavLink to={to} className={classes.place}>
        <Icon size={18} stroke={1.75} aria-hidden />
        <span className={classes.word}>{name}</span>
      </NavLink>
    </Tooltip>
  );
}
