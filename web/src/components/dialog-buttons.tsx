import type { ReactNode } from "react";
import classes from "./dialog-buttons.module.css";

/** The buttons at the end of a dialog; the one that does it comes last. */
export function DialogButtons({ children }: { children: ReactNode }) {
  return <div className={classes.buttons}>{children}</div>;
}
