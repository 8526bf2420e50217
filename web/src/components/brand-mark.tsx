import { useQuery } from "@tanstack/react-query";
import { useEffect } from "react";
import { welcomeQuery } from "../api/welcome";
import { applyPalette } from "../theme/branding";
import classes from "./brand-mark.module.css";
import { Mark } from "./mark";

/** The operator's logo, or else the product's mark. Where it stands, the page wears the operator's colours. */
export function BrandMark({ size = 24 }: { size?: number }) {
  const { data } = useQuery(welcomeQuery);
  const palette = data?.palette;
  const known = data !== undefined;
  useEffect(() => {
    if (known) applyPalette(palette);
  }, [known, palette]);
  if (!data?.logo) return <Mark size={size} />;
  return <img src={data.logo} alt="" className={classes.logo} style={{ height: size }} />;
}
