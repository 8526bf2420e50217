import {
  type Icon,
  IconAdjustmentsHorizontal,
  IconDeviceDesktop,
  IconHash,
  IconKeyboard,
  IconLanguage,
  IconLink,
  IconLogout,
  IconMoon,
  IconScreenShare,
  IconSettings,
} from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { computersQuery, isOthers } from "../../api/computers";
import { useMe } from "../../api/me";
import { connectable, sessionsQuery } from "../../api/sessions";
import { languages } from "../../i18n/setup";
import { sectionsOf } from "../../pages/admin/sections";
import { settingsSections } from "../../pages/settings/sections";
import { places } from "../shell/places";
import { useSwitch } from "../use-preference";
import type { Actions } from "./actions";
import type { Named } from "./match";

/** Something that the palette does. */
export interface Command extends Named {
  id: string;
  group: Group;
  Icon: Icon;
  /** Beside the name, in a quieter voice. */
  detail?: string;
  /** The keys that do the same. */
  keys?: readonly string[];
  /** Shown only when it is looked for. */
  hidden?: boolean;
  /** Where it leads, for those that lead somewhere: with Control it opens in a tab of its own. */
  to?: string;
  run: () => void;
}

export const groups = ["sessions", "pages", "actions", "computers"] as const;
export type Group = (typeof groups)[number];

/** Everything there is to do now, in the order in which it is shown. */
export function useCommands(actions: Actions, showKeys: () => void): Command[] {
  const { t } = useTranslation();
  const me = useMe();
  const [all] = useSwitch("all-sessions", false);
  const { data: sessions = [] } = useQuery(sessionsQuery(all));
  const { data: computers = [] } = useQuery(computersQuery);
  const leads = (to: string) => ({ to, run: () => actions.go(to) });

  const ready = sessions.filter(connectable).map((one): Command => {
    const name = one.endUserName || one.userName || one.computer;
    return {
      id: `session-${one.id}`,
      group: "sessions",
      Icon: IconScreenShare,
      name: t("palette.connect", { name }),
      detail: [one.ticket && t("sessions.ticket", { ticket: one.ticket }), one.computer].filter(Boolean).join(" · "),
      words: [one.userName, one.system, one.owner.name].join(" "),
      ...leads(`/sessions/${one.id}/viewer`),
    };
  });
  const reachable = computers
    .filter((one) => one.status !== "offline" && !isOthers(one, me))
    .map(
      (one): Command => ({
        id: `computer-${one.id}`,
        group: "computers",
        Icon: IconDeviceDesktop,
        name: t("palette.connect", { name: one.name }),
        detail: [one.userName, one.system].filter(Boolean).join(" · "),
        words: one.owner.name,
        hidden: true,
        ...leads(`/computers/${one.id}/viewer`),
      }),
    );
  const pages: Command[] = [
    ...places.map(
      (place): Command => ({
        id: place.to,
        group: "pages",
        Icon: place.Icon,
        name: t(place.key),
        keys: ["g", place.letter],
        ...leads(place.to),
      }),
    ),
    {
      id: "settings",
      group: "pages",
      Icon: IconSettings,
      name: t("user.settings"),
      keys: ["g", ","],
      ...leads("/settings"),
    },
    ...settingsSections.map(
      ({ to, key }): Command => ({
        id: to,
        group: "pages",
        Icon: IconSettings,
        name: t("palette.settings", { name: t(key) }),
        words: to === "/settings" ? `${t("settings.look")} ${t("alerts.title")}` : undefined,
        hidden: true,
        ...leads(to),
      }),
    ),
  ];
  pages.push(
    ...sectionsOf(me).map(
      (section): Command => ({
        id: section.path,
        group: "pages",
        Icon: IconAdjustmentsHorizontal,
        name: t("palette.admin", { name: t(section.key) }),
        hidden: true,
        ...leads(`/admin/${section.path}`),
      }),
    ),
  );
  const themes = { "": "user.themeSystem", light: "user.themeLight", dark: "user.themeDark" } as const;
  const acts: Command[] = [
    { id: "id", Icon: IconHash, name: t("id.share"), keys: ["n"], run: actions.shareId },
    { id: "link", Icon: IconLink, name: t("palette.copyLink"), keys: ["c"], run: actions.copyLink },
    { id: "keys", Icon: IconKeyboard, name: t("keys.title"), keys: ["?"], run: showKeys },
    ...(["", "light", "dark"] as const).map((theme) => ({
      id: `theme-${theme}`,
      Icon: IconMoon,
      name: t("palette.theme", { name: t(themes[theme]) }),
      hidden: true,
      run: () => actions.setTheme(theme),
    })),
    ...["", ...Object.keys(languages)].map((tag) => ({
      id: `language-${tag}`,
      Icon: IconLanguage,
      name: t("palette.language", { name: languages[tag as keyof typeof languages] ?? t("user.languageBrowser") }),
      hidden: true,
      run: () => actions.setLanguage(tag),
    })),
    { id: "out", Icon: IconLogout, name: t("user.logOut"), words: me.name, run: actions.logOut },
  ].map((one) => ({ ...one, group: "actions" as const }));
  return [...ready, ...pages, ...acts, ...reachable];
}
