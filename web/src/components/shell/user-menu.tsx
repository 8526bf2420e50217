import { Menu, UnstyledButton } from "@mantine/core";
import { IconChevronDown, IconLanguage, IconLogout, IconMoon, IconSettings } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import { useNavigate } from "react-router";
import { useLogOut, useMe, useUpdateMe } from "../../api/me";
import { languages } from "../../i18n/setup";
import classes from "./user-menu.module.css";

const BROWSER = "browser";
const SYSTEM = "system";

/** "Hello, {Name}": settings, language, theme, log out. */
export function UserMenu() {
  const { t } = useTranslation();
  const me = useMe();
  const update = useUpdateMe();
  const logOut = useLogOut();
  const navigate = useNavigate();
  const icon = { size: 16, stroke: 1.75, "aria-hidden": true } as const;
  return (
    <Menu position="bottom-end" width={232} withinPortal={false}>
      <Menu.Target>
        <UnstyledButton className={classes.target}>
          <span className={classes.hello}>{t("user.hello", { name: me.name })}</span>
          <span className={classes.initials} aria-hidden>
            {initials(me.name)}
          </span>
          <IconChevronDown size={14} stroke={2} aria-hidden className={classes.chevron} />
        </UnstyledButton>
      </Menu.Target>
      <Menu.Dropdown>
        <div className={classes.who}>
          <div className={classes.name}>{me.name}</div>
          <div className={classes.detail}>{me.title || me.userName}</div>
        </div>
        <Menu.Divider />
        <Menu.Item leftSection={<IconSettings {...icon} />} onClick={() => navigate("/settings")}>
          {t("user.settings")}
        </Menu.Item>
        <Menu.Sub position="left-start" offset={4}>
          <Menu.Sub.Target>
            <Menu.Sub.Item leftSection={<IconLanguage {...icon} />}>{t("user.language")}</Menu.Sub.Item>
          </Menu.Sub.Target>
          <Menu.Sub.Dropdown>
            <Menu.RadioGroup
              value={me.language || BROWSER}
              onChange={(value) => update.mutate({ language: value === BROWSER ? "" : value })}
            >
              <Menu.RadioItem value={BROWSER}>{t("user.languageBrowser")}</Menu.RadioItem>
              {Object.entries(languages).map(([tag, name]) => (
                <Menu.RadioItem key={tag} value={tag} lang={tag}>
                  {name}
                </Menu.RadioItem>
              ))}
            </Menu.RadioGroup>
          </Menu.Sub.Dropdown>
        </Menu.Sub>
        <Menu.Sub position="left-start" offset={4}>
          <Menu.Sub.Target>
            <Menu.Sub.Item leftSection={<IconMoon {...icon} />}>{t("user.theme")}</Menu.Sub.Item>
          </Menu.Sub.Target>
          <Menu.Sub.Dropdown>
            <Menu.RadioGroup
              value={me.theme || SYSTEM}
              onChange={(value) => update.mutate({ theme: value === "light" || value === "dark" ? value : "" })}
            >
              <Menu.RadioItem value={SYSTEM}>{t("user.themeSystem")}</Menu.RadioItem>
              <Menu.RadioItem value="light">{t("user.themeLight")}</Menu.RadioItem>
              <Menu.RadioItem value="dark">{t("user.themeDark")}</Menu.RadioItem>
            </Menu.RadioGroup>
          </Menu.Sub.Dropdown>
        </Menu.Sub>
        <Menu.Divider />
        <Menu.Item leftSection={<IconLogout {...icon} />} onClick={() => logOut.mutate()}>
          {t("user.logOut")}
        </Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
}

/** The first letters of the first and the last word. */
export function initials(name: string): string {
  const words = name.trim().split(/\s+/).filter(Boolean);
  const ends = words.length > 1 ? [words[0]!, words.at(-1)!] : words;
  return ends.map((word) => [...word][0]!.toLocaleUpperCase()).join("");
}
