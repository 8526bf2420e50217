import { Button, type ButtonProps } from "@mantine/core";
import { IconAlertTriangle, IconCheck, IconCopy } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import classes from "./copy-button.module.css";
import { useCopy } from "./use-copy";

/** Copies a text. Its width stays while the word changes to "Copied". */
export function CopyButton({ text, label, ...props }: { text: string; label?: string } & ButtonProps) {
  const { t } = useTranslation();
  const { state, copy } = useCopy();
  const name = label ?? t("action.copy");
  const word = state === "copied" ? t("action.copied") : state === "failed" ? t("action.copyFailed") : name;
  const Icon = state === "copied" ? IconCheck : state === "failed" ? IconAlertTriangle : IconCopy;
  return (
    <Button {...props} onClick={() => copy(text)} leftSection={<Icon size={16} stroke={1.75} aria-hidden />}>
      <span className={classes.words}>
        <span aria-live="polite">{word}</span>
        <span aria-hidden data-word={name} />
        <span aria-hidden data-word={t("action.copied")} />
      </span>
    </Button>
  );
}
