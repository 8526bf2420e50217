import { Button, FileButton } from "@mantine/core";
import { IconPhoto } from "@tabler/icons-react";
import { useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { useRemoveLogo, useSetLogo } from "../../../api/branding";
import { FaultBanner } from "../../../components/banner";
import classes from "./branding.module.css";

/** The most that the server takes, bytes. */
const MAX = 512 * 1024;

/** The logo: kept as soon as a file is chosen. */
export function LogoField({ logo }: { logo: string }) {
  const { t } = useTranslation();
  const set = useSetLogo();
  const remove = useRemoveLogo();
  const [large, setLarge] = useState(false);
  const again = useRef<() => void>(null);
  const choose = (file: File | null) => {
    if (!file) return;
    setLarge(file.size > MAX);
    if (file.size <= MAX) set.mutate(file);
    again.current?.(); // so that the same file can be chosen once more
  };
  const error = large ? undefined : (set.error ?? remove.error);
  return (
    <div role="group" aria-labelledby="logo-label" aria-describedby="logo-text">
      <div id="logo-label" className={classes.label}>
        {t("branding.logo")}
      </div>
      <p id="logo-text" className={classes.description}>
        {t("branding.logoText")}
      </p>
      <div className={classes.logoRow}>
        <span className={classes.logoBox}>
          {logo ? (
            <img src={logo} alt={t("branding.logoNow")} />
          ) : (
            <IconPhoto size={22} stroke={1.5} aria-hidden className={classes.quiet} />
          )}
        </span>
        <FileButton onChange={choose} accept="image/png,image/jpeg,image/webp" resetRef={again}>
          {(props) => (
            <Button {...props} loading={set.isPending}>
              {logo ? t("branding.replaceLogo") : t("branding.chooseLogo")}
            </Button>
          )}
        </FileButton>
        {logo && (
          <Button variant="subtle" loading={remove.isPending} onClick={() => remove.mutate()}>
            {t("branding.removeLogo")}
          </Button>
        )}
      </div>
      {large && (
        <p role="alert" className={classes.fault}>
          {t("branding.logoLarge")}
        </p>
      )}
      {error && <FaultBanner error={error} />}
    </div>
  );
}
