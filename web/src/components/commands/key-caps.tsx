import { useTranslation } from "react-i18next";
import classes from "./key-caps.module.css";
import { isMac } from "./keys";

/** Keys as they stand on the keyboard; "mod" is the one for commands. */
export function KeyCaps({ keys }: { keys: readonly string[] }) {
  const { t } = useTranslation();
  const name = (key: string) => (key !== "mod" ? key.toUpperCase() : isMac() ? "⌘" : t("keys.control"));
  return (
    <span className={classes.keys}>
      {keys.map((key) => (
        <kbd key={key} className={classes.key}>
          {name(key)}
        </kbd>
      ))}
    </span>
  );
}
