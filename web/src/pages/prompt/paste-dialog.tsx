import { Button, Checkbox } from "@mantine/core";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { Dialog } from "../../components/dialog";
import { DialogButtons } from "../../components/dialog-buttons";
import { useKept } from "../../components/use-kept";
import { cleanPaste, linesOf } from "../../terminal/paste";
import classes from "./paste-dialog.module.css";

/** Of a long text only its beginning is shown, characters. */
const shown = 4000;

/** It scrolls, also by keys. */
const region = (name: string) => ({ role: "region", tabIndex: 0, "aria-label": name }) as const;

interface PasteDialogProps {
  /** What somebody wants to paste; undefined: nothing. */
  text: string | undefined;
  /** always: it is not asked again on this page. */
  onPaste: (text: string, always: boolean) => void;
  onClose: () => void;
}

/** Shows a text of several lines before it is pasted: each line may be a command that runs at once. */
export function PasteDialog({ text, onPaste, onClose }: PasteDialogProps) {
  const { t } = useTranslation();
  const [always, setAlways] = useState(false);
  const kept = cleanPaste(useKept(text) ?? "");
  return (
    <Dialog
      opened={text !== undefined}
      onClose={onClose}
      size={560}
      title={t("prompt.pasteTitle", { count: linesOf(kept) })}
    >
      <p>{t("prompt.pasteText")}</p>
      <pre className={classes.text} {...region(t("prompt.pastePreview"))}>
        {kept.length > shown ? `${kept.slice(0, shown)}…` : kept}
      </pre>
      <Checkbox
        label={t("prompt.pasteAlways")}
        checked={always}
        onChange={(event) => setAlways(event.currentTarget.checked)}
      />
      <DialogButtons>
        <Button onClick={onClose}>{t("action.cancel")}</Button>
        <Button variant="filled" data-autofocus onClick={() => onPaste(kept, always)}>
          {t("prompt.paste")}
        </Button>
      </DialogButtons>
    </Dialog>
  );
}
