import { Button } from "@mantine/core";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { FaultBanner } from "./banner";
import { Dialog } from "./dialog";
import { DialogButtons } from "./dialog-buttons";
import { useKept } from "./use-kept";

interface ConfirmProps<T> {
  /** What it is asked for; undefined: nothing is asked. */
  about: T | undefined;
  title: (about: T) => string;
  text: (about: T) => ReactNode;
  /** What the button says that does it. */
  button: string;
  /** It takes nothing away. */
  harmless?: boolean;
  act: { error: unknown; isPending: boolean; reset: () => void };
  onConfirm: (about: T, close: () => void) => void;
  onClose: () => void;
}

/** Asks before something that cannot simply be taken back. The focus is on the button that does nothing. */
export function ConfirmDialog<T>({
  act,
  button,
  harmless,
  title,
  text,
  onConfirm,
  onClose,
  ...props
}: ConfirmProps<T>) {
  const { t } = useTranslation();
  const about = useKept(props.about);
  if (about === undefined) return null;
  const close = () => {
    act.reset();
    onClose();
  };
  return (
    <Dialog opened={props.about !== undefined} onClose={close} size={420} title={title(about)}>
      <p>{text(about)}</p>
      {act.error ? <FaultBanner error={act.error} /> : null}
      <DialogButtons>
        <Button onClick={close} data-autofocus>
          {t("action.cancel")}
        </Button>
        <Button
          variant="filled"
          {...(harmless ? {} : { color: "bad" })}
          loading={act.isPending}
          onClick={() => onConfirm(about, close)}
        >
          {button}
        </Button>
      </DialogButtons>
    </Dialog>
  );
}
