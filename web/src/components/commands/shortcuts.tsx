import { Switch } from "@mantine/core";
import { useTranslation } from "react-i18next";
import { useMe } from "../../api/me";
import { sectionsOf } from "../../pages/admin/sections";
import { Dialog } from "../dialog";
import { places } from "../shell/places";
import { KeyCaps } from "./key-caps";
import { useSingleKeys } from "./keys";
import classes from "./shortcuts.module.css";

type Entry = [name: string, keys: string[]];

/** The list of keys, and the switch for those that need no modifier. */
export function Shortcuts({ opened, onClose }: { opened: boolean; onClose: () => void }) {
  const { t } = useTranslation();
  const [single, setSingle] = useSingleKeys();
  const administration = sectionsOf(useMe()).length > 0;
  const go = (name: string) => t("keys.go", { page: name });
  const always: Entry[] = [
    [t("palette.title"), ["mod", "k"]],
    [t("keys.newTab"), ["mod", "enter"]],
    [t("keys.saveNote"), ["mod", "enter"]],
    [t("keys.close"), ["Esc"]],
  ];
  const alone: Entry[] = [
    [t("keys.help"), ["?"]],
    [t("keys.search"), ["/"]],
    ...places.map((place): Entry => [go(t(place.key)), ["g", place.letter]]),
    ...(administration ? [[go(t("admin.title")), ["g", "a"]] as Entry] : []),
    [go(t("user.settings")), ["g", ","]],
    [t("id.share"), ["n"]],
    [t("palette.copyLink"), ["c"]],
  ];
  const viewer: Entry[] = [
    [t("keys.toTools"), ["control", "Alt", "shift"]],
    [t("keys.picture"), ["Esc"]],
    [t("viewer.toControl"), ["c"]],
    [t("viewer.ctrlAltDelText"), ["d"]],
    [t("keys.size"), ["s"]],
    [t("viewer.fullScreen"), ["f"]],
    [t("sessions.note"), ["n"]],
    [t("sessions.end"), ["e"]],
  ];
  return (
    <Dialog opened={opened} onClose={onClose} size={480} title={t("keys.title")}>
      <List entries={always} />
      <Switch
        className={classes.switch}
        label={t("keys.single")}
        description={t("keys.singleText")}
        checked={single}
        onChange={(event) => setSingle(event.currentTarget.checked)}
      />
      <List entries={alone} off={!single} />
      <h3 className={classes.heading}>{t("keys.inTools")}</h3>
      <p className={classes.note}>{t("keys.viewer")}</p>
      <List entries={viewer} />
    </Dialog>
  );
}

function List({ entries, off }: { entries: Entry[]; off?: boolean }) {
  return (
    <dl className={classes.list} data-off={off || undefined}>
      {entries.map(([name, keys]) => (
        <div key={name} className={classes.row}>
          <dt>{name}</dt>
          <dd>
            <KeyCaps keys={keys} />
          </dd>
        </div>
      ))}
    </dl>
  );
}
