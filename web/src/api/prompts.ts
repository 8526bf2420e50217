import { api, take } from "./client";

/** Where a prompt is opened: a computer, or a session that an end-user has begun. */
export interface PromptPlace {
  kind: "computers" | "sessions";
  id: string;
}

/** Asks for a new prompt, or to come back to one. */
export function askForPrompt({ kind, id }: PromptPlace, commitment: string, promptId: string | undefined) {
  const wish = { params: { path: { id } }, body: { commitment, promptId } };
  return kind === "computers"
    ? take(api.POST("/api/computers/{id}/prompts", wish))
    : take(api.POST("/api/sessions/{id}/prompts", wish));
}

/** Ends a prompt that this page has no connection to. */
export function endPrompt(promptId: string): void {
  // One that has ended meanwhile is what was wanted.
  api.DELETE("/api/prompts/{id}", { params: { path: { id: promptId } } }).catch(() => {});
}
