/** Sees Control, Alt and Shift pressed together and released alone: the way out of a terminal, as out of a viewer's picture. */
export class Leaving {
  private armed = false;

  /** Takes a keydown or keyup; true: the agent wants to leave. */
  take(e: Pick<KeyboardEvent, "type" | "key" | "ctrlKey" | "shiftKey" | "altKey">): boolean {
    const modifier = e.key === "Control" || e.key === "Alt" || e.key === "Shift";
    if (e.type === "keydown") {
      this.armed = modifier && e.ctrlKey && e.altKey && e.shiftKey;
      return false;
    }
    if (!this.armed) return false;
    this.armed = false;
    return modifier;
  }
}
