/** A system in the little space of a list: "Debian GNU/Linux 13 (trixie)" as Debian 13, "Microsoft Windows 11 Pro" as Windows 11 Pro. Details have it whole. */
export const shortSystem = (system: string): string =>
  system
    .replace(/^Microsoft /, "")
    .replace("GNU/Linux ", "")
    .replace(/ \([^()]*\)$/, "");
