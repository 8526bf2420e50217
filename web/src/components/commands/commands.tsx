import { UnstyledButton } from "@mantine/core";
import { IconSearch } from "@tabler/icons-react";
import { lazy, Suspense, useState } from "react";
import { useTranslation } from "react-i18next";
import { useMe } from "../../api/me";
import { loadAllTexts } from "../../i18n/setup";
import { sectionsOf } from "../../pages/admin/sections";
import { ahead } from "../ahead";
import { places } from "../shell/places";
import { useActions } from "./actions";
import classes from "./commands.module.css";
import { KeyCaps } from "./key-caps";
import { useKeys, useTypeAhead } from "./keys";

const Palette = lazy(
  ahead(async () => {
    const [{ Palette }] = await Promise.all([import("./palette"), loadAllTexts()]); // it names every page
    return { default: Palette };
  }),
);
const Shortcuts = lazy(
  ahead(async () => {
    const [{ Shortcuts }] = await Promise.all([import("./shortcuts"), loadAllTexts()]); // it names the tools of a viewer
    return { default: Shortcuts };
  }),
);

type Open = "palette" | "keys" | undefined;

/** The button that opens the palette, and the keys that act on every page of the console. */
export function Commands() {
  const { t } = useTranslation();
  const actions = useActions();
  const administration = sectionsOf(useMe()).length > 0;
  const [open, setOpen] = useState<Open>();
  const [met, setMet] = useState<Open[]>([]);
  const [search, setSearch] = useState("");
  useTypeAhead(open === "palette", (letter) => setSearch((old) => old + letter));
  const show = (which: Open) => {
    setSearch("");
    setMet((old) => [...old, which]);
    setOpen(which);
  };
  const close = () => setOpen(undefined);
  useKeys([
    { keys: ["mod+k"], run: () => (open === "palette" ? close() : show("palette")) },
    { keys: ["?"], run: () => show("keys") },
    ...places.map((place) => ({ keys: ["g", place.letter] as const, run: () => actions.go(place.to) })),
    ...(administration ? [{ keys: ["g", "a"] as const, run: () => actions.go("/admin") }] : []),
    { keys: ["g", ","], run: () => actions.go("/settings") },
    { keys: ["n"], run: actions.shareId },
    { keys: ["c"], run: actions.copyLink },
  ]);
  return (
    <>
      <UnstyledButton
        className={classes.open}
        aria-label={t("palette.title")}
        aria-haspopup="dialog"
        aria-keyshortcuts="Control+K Meta+K"
        onClick={() => show("palette")}
      >
        <IconSearch size={17} stroke={1.75} aria-hidden />
        <span className={classes.word} aria-hidden>
          {t("palette.open")}
        </span>
        <span className={classes.keys} aria-hidden>
          <KeyCaps keys={["mod", "k"]} />
        </span>
      </UnstyledButton>
      <Suspense>
        {met.includes("palette") && (
          <Palette
            opened={open === "palette"}
            onClose={close}
            search={search}
            onSearch={setSearch}
            actions={actions}
            showKeys={() => show("keys")}
          />
        )}
        {met.includes("keys") && <Shortcuts opened={open === "keys"} onClose={close} />}
      </Suspense>
    </>
  );
}
