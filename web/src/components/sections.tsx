import type { ParseKeys } from "i18next";
import { useTranslation } from "react-i18next";
import { NavLink } from "react-router";
import classes from "./sections.module.css";

/** Where there is no room for all of them, the one that is open is in sight. */
function showCurrent(nav: HTMLElement | null): void {
  const current = nav?.querySelector<HTMLElement>("[aria-current=page]");
  if (nav && current) nav.scrollLeft = current.offsetLeft - (nav.clientWidth - current.offsetWidth) / 2;
}

/** The way between the sections of a page, below its title. */
export function Sections(props: { label: string; sections: readonly { to: string; key: ParseKeys }[] }) {
  const { t } = useTranslation();
  return (
    <nav ref={showCurrent} aria-label={props.label} className={classes.tabs}>
      {props.sections.map(({ to, key }) => (
        <NavLink key={to} to={to} end className={classes.tab}>
          {t(key)}
        </NavLink>
      ))}
    </nav>
  );
}
