import { CloseButton, TextInput } from "@mantine/core";
import { IconSearch } from "@tabler/icons-react";
import { useRef } from "react";
import { useTranslation } from "react-i18next";
import { useKeys, useSingleKeys } from "./commands/keys";
import classes from "./search-field.module.css";

/** Filters what is below as one types. "/" leads to it from anywhere on the page, Escape empties it. */
export function SearchField(props: { label: string; value: string; onChange: (text: string) => void }) {
  const { label, value, onChange } = props;
  const { t } = useTranslation();
  const field = useRef<HTMLInputElement>(null);
  const [singleKeys] = useSingleKeys();
  useKeys([
    {
      keys: ["/"],
      run: () => {
        field.current?.focus();
        field.current?.select();
      },
    },
  ]);
  return (
    <TextInput
      ref={field}
      type="search"
      aria-label={label}
      placeholder={label}
      value={value}
      onChange={(event) => onChange(event.currentTarget.value)}
      onKeyDown={(event) => {
        if (event.key !== "Escape") return;
        if (value === "") field.current?.blur();
        onChange("");
      }}
      aria-keyshortcuts={singleKeys ? "/" : undefined}
      autoComplete="off"
      spellCheck={false}
      className={classes.search}
      wrapperProps={{ "data-search": true }}
      leftSection={<IconSearch size={16} stroke={1.75} aria-hidden />}
      rightSection={
        value === "" ? (
          singleKeys && <kbd className={classes.key}>/</kbd>
        ) : (
          <CloseButton size="sm" aria-label={t("action.clear")} onClick={() => onChange("")} />
        )
      }
    />
  );
}
