// The first module that runs. Our Content-Security-Policy demands Trusted Types, and only the policy "default" may exist. What
// reaches it are strings that a library hands to the document as HTML or as the address of a script:
//   - the text of a <style> element (Mantine's variables): let pass as long as it cannot become markup,
//   - the address of a worker of this build,
// and nothing else, so a string from outside never becomes markup or code, whatever a library does with it.

interface PolicyFactory {
  createPolicy(name: string, rules: Record<string, (input: string) => string | null>): unknown;
}

/** CSS text or null: without "<" there is no markup in it, and it cannot leave its <style>. */
export function onlyCss(input: string): string | null {
  return input.includes("<") ? null : input;
}

/** The address of one of this build's own scripts, or null. */
export function onlyOwnScript(input: string, origin: string, dev: boolean): string | null {
  if (!URL.canParse(input, origin)) return null;
  const url = new URL(input, origin);
  if (url.origin !== origin) return null;
  return dev || /^\/assets\/[\w.-]+\.js$/.test(url.pathname) ? input : null;
}

const factory = (globalThis as { trustedTypes?: PolicyFactory }).trustedTypes;
factory?.createPolicy("default", {
  createHTML: onlyCss,
  createScriptURL: (input) => onlyOwnScript(input, location.origin, import.meta.env.DEV),
});
