import { Select } from "@mantine/core";
import { memo } from "react";
import { useTranslation } from "react-i18next";
import classes from "./computers.module.css";
import { type Place, pathOf, within } from "./tree";

/** The groups as a list to choose from, where there is no room for the tree. */
export const PlaceChoice = memo(function PlaceChoice(props: {
  roots: Place[];
  place: string;
  onPlace: (id: string) => void;
}) {
  const { t } = useTranslation();
  const places = props.roots.flatMap(within);
  return (
    <Select
      className={classes.choice}
      aria-label={t("groups.label")}
      data={[
        { value: "", label: t("groups.all") },
        ...places.map((one) => ({ value: one.id, label: pathOf(one).join(" › ") })),
      ]}
      value={props.place}
      onChange={(id) => props.onPlace(id ?? "")}
      allowDeselect={false}
      comboboxProps={{ keepMounted: false }}
    />
  );
});
