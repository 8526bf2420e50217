import { ActionIcon, TextInput, Tooltip } from "@mantine/core";
import { IconArrowDown, IconArrowUp, IconX } from "@tabler/icons-react";
import { type KeyboardEvent, useEffect, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { useFormat } from "../../i18n/format";
import type { Snapshot } from "../../terminal/desk";
import classes from "./search-bar.module.css";

interface SearchBarProps {
  found: Snapshot["found"];
  onFind: (text: string, back: boolean, typing: boolean) => void;
  onClose: () => void;
}

const icon = { size: 16, stroke: 1.75, "aria-hidden": true } as const;

/** Looks for a text in all that the terminal still has. Enter goes up to older lines, as one reads a terminal. */
export function SearchBar({ found, onFind, onClose }: SearchBarProps) {
  const { t } = useTranslation();
  const format = useFormat();
  const [text, setText] = useState("");
  const field = useRef<HTMLInputElement>(null);
  useEffect(() => field.current?.focus(), []);
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key === "Escape") onClose();
    else if (event.key === "Enter" && text) onFind(text, !event.shiftKey, false);
  };
  const many = found && found.index < 0 && found.count > 0;
  return (
    <div role="search" className={classes.bar} onKeyDown={onKeyDown}>
      <TextInput
        ref={field}
        size="xs"
        type="search"
        aria-label={t("prompt.searchField")}
        placeholder={t("prompt.searchField")}
        value={text}
        autoComplete="off"
        spellCheck={false}
        className={classes.field}
        onChange={(event) => {
          setText(event.currentTarget.value);
          onFind(event.currentTarget.value, true, true);
        }}
      />
      <span className={classes.count} role="status">
        {text &&
          found &&
          (found.count === 0
            ? t("prompt.nothingFound")
            : many
              ? t("prompt.many", { number: format.number(found.count) })
              : t("prompt.place", { place: format.number(found.index + 1), number: format.number(found.count) }))}
      </span>
      <Tooltip label={t("prompt.older")}>
        <ActionIcon aria-label={t("prompt.older")} disabled={!text} onClick={() => onFind(text, true, false)}>
          <IconArrowUp {...icon} />
        </ActionIcon>
      </Tooltip>
      <Tooltip label={t("prompt.newer")}>
        <ActionIcon aria-label={t("prompt.newer")} disabled={!text} onClick={() => onFind(text, false, false)}>
          <IconArrowDown {...icon} />
        </ActionIcon>
      </Tooltip>
      <Tooltip label={t("prompt.endSearch")}>
        <ActionIcon aria-label={t("prompt.endSearch")} onClick={onClose}>
          <IconX {...icon} />
        </ActionIcon>
      </Tooltip>
    </div>
  );
}
