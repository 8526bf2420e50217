import type { CSSProperties } from "react";
import { useTranslation } from "react-i18next";
import type { Palette, Shades } from "../../../api/branding";
import { useMe } from "../../../api/me";
import { Mark } from "../../../components/mark";
import { shadeVariables } from "../../../theme/branding";
import classes from "./branding.module.css";

/** How the page behind a link and the question to the end-user will look, on light and on dark ground. */
export function Preview(props: { company: string; logo: string; palette: Palette | undefined; words: string }) {
  const { t } = useTranslation();
  return (
    <section aria-label={t("branding.preview")} className={classes.previews}>
      <h2>{t("branding.preview")}</h2>
      <Sheet {...props} scheme="light" shades={props.palette?.light} />
      <Sheet {...props} scheme="dark" shades={props.palette?.dark} />
    </section>
  );
}

function Sheet(props: {
  company: string;
  logo: string;
  words: string;
  scheme: "light" | "dark";
  shades: Shades | undefined;
}) {
  const { company, logo, words, scheme, shades } = props;
  const { t } = useTranslation();
  const me = useMe();
  return (
    <div className={classes.preview} data-scheme={scheme} style={shades && (shadeVariables(shades) as CSSProperties)}>
      <div className={classes.brand}>
        {logo ? <img src={logo} alt="" className={classes.previewLogo} /> : <Mark size={28} />}
        <strong>{company || t("branding.noCompany")}</strong>
      </div>
      <p>{t("branding.question", { name: me.name })}</p>
      {words.trim() !== "" && <p className={classes.previewWords}>{words}</p>}
      <div className={classes.previewRow}>
        <span className={classes.previewButton}>{t("branding.exampleButton")}</span>
        <span className={classes.previewLink}>{t("branding.exampleLink")}</span>
      </div>
    </div>
  );
}
