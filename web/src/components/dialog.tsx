import type { ModalProps } from "@mantine/core";
import { lazy, Suspense, useState } from "react";
import { ahead } from "./ahead";

const DialogWindow = lazy(ahead(() => import("./dialog-window")));

/** A dialog over the page. Its window is fetched when the first one opens. */
export function Dialog(props: ModalProps) {
  const [met, setMet] = useState(false);
  if (props.opened && !met) setMet(true);
  return <Suspense>{met && <DialogWindow {...props} />}</Suspense>;
}
