// What is pasted may do more than it seems to: a line break runs a command, an escape ends the brackets that a program asked for.

/** The most characters that are pasted at once. */
export const longestPaste = 1_000_000;

// Tab and line break are left.
const controls = /(?![\t\n])\p{Cc}/gu;

/** A text as it may go to a shell: no controls but tab and line break. */
export function cleanPaste(text: string): string {
  return text.slice(0, longestPaste).toWellFormed().replaceAll(/\r\n?/g, "\n").replaceAll(controls, "");
}

/** How many lines a text would run; the agent is asked before it is more than one, or when the one ends with a line break. */
export function linesOf(text: string): number {
  return text.split("\n").filter((line, i, all) => i < all.length - 1 || line !== "").length;
}

/** Whether the agent has to see a text first. */
export function needsLook(text: string): boolean {
  return text.includes("\n");
}
