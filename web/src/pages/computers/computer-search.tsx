import { startTransition, useState } from "react";
import { useTranslation } from "react-i18next";
import { SearchField } from "../../components/search-field";

/** The search field: what is typed is seen at once, and found when there is time for it before the next key. */
export function ComputerSearch({ search, onSearch }: { search: string; onSearch: (search: string) => void }) {
  const { t } = useTranslation();
  const [text, setText] = useState(search);
  return (
    <SearchField
      label={t("computers.search")}
      value={text}
      onChange={(now) => {
        setText(now);
        startTransition(() => onSearch(now));
      }}
    />
  );
}
