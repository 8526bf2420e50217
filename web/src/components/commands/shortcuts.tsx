import { Switch } from "@mantine/core";
import { useTranslation } from "react-i18next";
import { useMe } from "../../api/me";
import { sectionsOf } from "../../pages/admin/sections";
import { Dialog } from "../dialog";
import { places } from "../shell/places";
import { KeyCaps } from "./key-caps";
import { useSingleKeys } from "./keys";
import classes from "./shortcuts.module.css";

/** The list of keys, and the switch for those that need no modifier. */
export function Shortcuts({ opened, onClose }: { opened: boolean; onClose: () => void }) {
  const { t } = useTranslation();
  const [single, setSingle] = useSingleKeys();
  const administration = sectionsOf(useMe()).length > 0;
  const go = (name: string) => t("keys.go", { page: name });
  const rows: [name: string, keys: string[]][] = [
    [t("keys.help"), ["?"]],
    [t("keys.search"), ["/"]],
    ...places.map((place): [string, string[]] => [go(t(place.key)), ["g", place.letter]]),
    ...(administration ? [[go(t("admin.title")), ["g", "a"]] as [string, string[]]] : []),
    [go(t("user.settings")), ["g", ","]],
    [t("id.share"), ["n"]],
    [t("palette.copyLink"), ["c"]],
  ];
  return (
    <Dialog opened={opened} onClose={onClose} size={480} title={t("keys.title")}>
      <dl className={classes.list}>
        <Row name={t("palette.title")} keys={["mod", "k"]} />
      </dl>
      <Switch
        className={classes.switch}
        label={t("keys.single")}
        description={t("keys.singleText")}
        checked={single}
        onChange={(event) => setSingle(event.currentTarget.checked)}
      />
      <dl className={classes.list} data-off={!single || undefined}>
        {rows.map(([name, keys]) => (
          <Row key={name} name={name} keys={keys} />
        ))}
      </dl>
      <p className={classes.note}>{t("keys.viewer")}</p>
    </Dialog>
  );
}

function Row({ name, keys }: { name: string; keys: string[] }) {
  return (
    <div className={classes.row}>
      <dt>{name}</dt>
      <dd>
        <KeyCaps keys={keys} />
      </dd>
    </div>
  );
}
