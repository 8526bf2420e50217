import { type ReactNode, useId } from "react";
import classes from "./section.module.css";

/** A part of a form: what it is about at the left, and what one does there at the right. */
export function Section(props: { id?: string; title: string; text: ReactNode; children: ReactNode }) {
  const own = useId();
  const id = props.id ?? own;
  return (
    <section aria-labelledby={id} className={classes.section}>
      <div className={classes.about}>
        <h2 id={id}>{props.title}</h2>
        <p>{props.text}</p>
      </div>
      <div className={classes.fields}>{props.children}</div>
    </section>
  );
}
