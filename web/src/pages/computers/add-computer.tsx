import { IconDeviceDesktopPlus, IconScreenShare } from "@tabler/icons-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import classes from "./add-computer.module.css";
import { CommandLine } from "./add-line";
import { EndUsersComputer } from "./add-link";
import { OwnComputer } from "./add-own";
import { Way } from "./add-way";

/** The four ways in which a computer gets here. */
export function AddComputer({ first }: { first: boolean }) {
  const { t } = useTranslation();
  const [open, setOpen] = useState<"link" | "line">();
  const toggle = (way: "link" | "line") => () => setOpen(open === way ? undefined : way);
  return (
    <section className={classes.add} aria-labelledby="add-computer">
      {first && (
        <span className={classes.icon}>
          <IconDeviceDesktopPlus size={20} stroke={1.75} aria-hidden />
        </span>
      )}
      <h2 id="add-computer">{first ? t("add.titleFirst") : t("add.title")}</h2>
      <p className={classes.text}>{t("add.text")}</p>
      <ul className={classes.ways}>
        <OwnComputer first={first} />
        <EndUsersComputer open={open === "link"} onToggle={toggle("link")} />
        <CommandLine open={open === "line"} onToggle={toggle("line")} />
        <Way Icon={IconScreenShare} title={t("add.keepTitle")} text={t("add.keepText")} />
      </ul>
      <p className={classes.hint}>{t("add.appears")}</p>
    </section>
  );
}
