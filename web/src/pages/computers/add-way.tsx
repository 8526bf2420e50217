import type { Icon } from "@tabler/icons-react";
import type { ReactNode } from "react";
import classes from "./add-computer.module.css";

interface WayProps {
  Icon: Icon;
  title: string;
  text: string;
  /** The button that goes this way. */
  act?: ReactNode;
  /** What is below once it was pressed. */
  children?: ReactNode;
}

/** One of the ways to add a computer. */
export function Way({ Icon, title, text, act, children }: WayProps) {
  return (
    <li className={classes.way}>
      <Icon size={20} stroke={1.75} aria-hidden className={classes.wayIcon} />
      <div className={classes.words}>
        <h3>{title}</h3>
        <p>{text}</p>
      </div>
      {act && <div className={classes.act}>{act}</div>}
      {children && <div className={classes.more}>{children}</div>}
    </li>
  );
}
