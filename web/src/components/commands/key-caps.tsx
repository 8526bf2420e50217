import { useTranslation } from "react-i18next";
import classes from "./key-caps.module.css";
import { isMac } from "./keys";

/** Keys as they stand on the keyboard; "mod" is the one for commands. */
export function KeyCaps({ keys }: { keys: readonly string[] }) {
  const { t } = useTranslation();
  const names: Record<string, string> = {
    mod: isMac() ? "⌘" : t("keys.control"),
    control: t("keys.control"),
    shift: t("keys.shift"),
    enter: t("keys.enter"),
  };
  return (
    <span className={classes.keys}>
      {keys.map((key) => (
        <kbd key={key} className={classes.key}>
          {names[key] ?? (key.length > 1 ? key : key.toUpperCase())}
        </kbd>
      ))}
    </span>
  );
}
