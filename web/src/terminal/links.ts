// Links in a terminal come from the other side: only addresses of pages are opened, on purpose, in a tab that knows nothing of this one.

/** The address that a link leads to, or undefined for one that is not opened. */
export function pageAddress(target: string): string | undefined {
  if (!URL.canParse(target)) return undefined;
  const url = new URL(target);
  return url.protocol === "http:" || url.protocol === "https:" ? url.href : undefined;
}

/** Whether a click on a link is meant for it; a plain one belongs to the terminal. */
export function meant(event: Pick<MouseEvent, "ctrlKey" | "metaKey">): boolean {
  return event.ctrlKey || event.metaKey;
}

/** Opens a link that was clicked on purpose. */
export function follow(event: MouseEvent, target: string): void {
  const address = pageAddress(target);
  if (address && meant(event)) window.open(address, "_blank", "noopener,noreferrer");
}
