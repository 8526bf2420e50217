import { ActionIcon } from "@mantine/core";
import { IconX } from "@tabler/icons-react";
import { type ReactNode, useEffect, useRef } from "react";
import { FaultBanner } from "./banner";
import classes from "./details-aside.module.css";
import { RowsSkeleton } from "./rows-skeleton";

/** What is known of one row, beside the list. Escape closes it. */
export function DetailsAside(props: {
  /** Of the row: another one takes the focus. */
  id: string;
  title: string;
  /** What the button that closes it is called. */
  close: string;
  onClose: () => void;
  loading: boolean;
  error: unknown;
  retry: () => unknown;
  children: ReactNode;
}) {
  const { id, title, onClose } = props;
  const heading = useRef<HTMLHeadingElement>(null);
  // biome-ignore lint/correctness/useExhaustiveDependencies: another row was opened
  useEffect(() => heading.current?.focus(), [id]);
  return (
    <aside
      className={classes.details}
      aria-labelledby="details"
      onKeyDown={(event) => {
        if (event.key === "Escape" && !event.defaultPrevented) onClose();
      }}
    >
      <div className={classes.head}>
        <h2 id="details" ref={heading} tabIndex={-1}>
          {title}
        </h2>
        <ActionIcon aria-label={props.close} onClick={onClose}>
          <IconX size={18} stroke={1.75} aria-hidden />
        </ActionIcon>
      </div>
      {props.error != null && <FaultBanner error={props.error} retry={props.retry} />}
      {props.loading && <RowsSkeleton rows={8} height={36} />}
      {props.children}
    </aside>
  );
}

/** A list of what is known, without what is empty. */
export function Facts({ facts }: { facts: readonly [name: string, value: ReactNode][] }) {
  return (
    <dl className={classes.facts}>
      {facts.map(
        ([name, value]) =>
          value && (
            <div key={name}>
              <dt>{name}</dt>
              <dd>{value}</dd>
            </div>
          ),
      )}
    </dl>
  );
}
