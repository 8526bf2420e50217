// What the keys of a terminal's page do; all others belong to the shell.

export type PageKey = "copy" | "search" | "larger" | "smaller" | "normal";

/** What a key does for the page; undefined: it is the shell's, or (paste) the browser's. */
export function pageKey(
  e: Pick<KeyboardEvent, "code" | "key" | "ctrlKey" | "shiftKey" | "altKey" | "metaKey">,
): PageKey | undefined {
  if (e.altKey || e.metaKey || !e.ctrlKey) return undefined;
  if (e.shiftKey && e.code === "KeyC") return "copy";
  if (!e.shiftKey && e.code === "Insert") return "copy";
  if (e.shiftKey && e.code === "KeyF") return "search";
  if (e.key === "+" || (e.key === "=" && !e.shiftKey) || e.code === "NumpadAdd") return "larger";
  if (e.key === "-" || e.code === "NumpadSubtract") return "smaller";
  if (!e.shiftKey && (e.code === "Digit0" || e.code === "Numpad0")) return "normal";
  return undefined;
}

/** The browser pastes by itself with these. */
export function pastes(e: Pick<KeyboardEvent, "code" | "ctrlKey" | "shiftKey" | "altKey" | "metaKey">): boolean {
  if (e.altKey) return false;
  if (e.code === "Insert") return e.shiftKey && !e.ctrlKey && !e.metaKey;
  return e.code === "KeyV" && ((e.ctrlKey && e.shiftKey) || e.metaKey);
}

/** What a key means while the key Ctrl of the touch row is held: the control character, or the text as it is. */
export function controlled(text: string): string {
  if (text.length !== 1) return text;
  const code = text.toUpperCase().charCodeAt(0);
  return code >= 0x40 && code <= 0x5f ? String.fromCharCode(code & 0x1f) : text === " " ? "\0" : text;
}
