import type { Plugin } from "vite";
import { compressed } from "./brotli.ts";

// How much script a page may cost. The build fails, and names the page and what is large in it, when one costs more: what the login
// page and Remote Sessions need together, one language's texts included, and what each other part adds to that when it is
// first opened. Bytes as the server sends them, in brotli.

export const FIRST = 250_000;
export const FURTHER = 60_000;
/** A terminal emulator is what it is (docs/design/0010-command-prompt.md): three quarters of this are xterm.js. */
export const TERMINAL = 112_000;

/** What an agent who logs in meets first. */
const first = /(\/index\.html|\/src\/(pages\/login|components\/shell\/shell|pages\/sessions\/sessions)\.tsx)$/;
const texts = /\/src\/locales\/\w+\.ts$/; // of what the console begins with

const terminal = /\/src\/terminal\/desk\.ts$/;

/** One script of the build. */
export interface Script {
  file: string;
  /** The module that is asked for; a shared script has none. */
  entry?: string;
  size: number;
  /** Scripts that are loaded with this one. */
  needs: string[];
  /** Its largest parts, for the message. */
  parts: [name: string, share: number][];
}

export interface Part {
  name: string;
  files: string[];
  size: number;
  limit: number;
}

/** What the first pages cost, and each further part beyond them. */
export function measure(scripts: Script[]): Part[] {
  const byFile = new Map(scripts.map((one) => [one.file, one]));
  const closure = (from: string[]): Set<string> => {
    const all = new Set<string>();
    const visit = (file: string) => {
      const script = byFile.get(file);
      if (!script || all.has(file)) return;
      all.add(file);
      script.needs.forEach(visit);
    };
    from.forEach(visit);
    return all;
  };
  const total = (files: Iterable<string>) => [...files].reduce((sum, file) => sum + byFile.get(file)!.size, 0);
  const is = (pattern: RegExp) => scripts.filter((one) => one.entry && pattern.test(one.entry));

  const [text] = is(texts).sort((a, b) => b.size - a.size);
  const begin = closure([...is(first).map((one) => one.file), ...(text ? [text.file] : [])]);
  const further = scripts.filter((one) => one.entry && !begin.has(one.file) && !texts.test(one.entry));
  return [
    { name: "login and Remote Sessions", files: [...begin], size: total(begin), limit: FIRST },
    ...further.map((one) => {
      const files = [...closure([one.file])].filter((file) => !begin.has(file));
      return {
        name: one.entry!.replace(/^.*\/src\//, ""),
        files,
        size: total(files),
        limit: terminal.test(one.entry!) ? TERMINAL : FURTHER,
      };
    }),
  ];
}

/** The sentence for a part that costs too much; undefined for one that does not. */
export function complaint(part: Part, scripts: Script[]): string | undefined {
  if (part.size <= part.limit) return undefined;
  const lines = part.files
    .map((file) => scripts.find((one) => one.file === file)!)
    .sort((a, b) => b.size - a.size)
    .slice(0, 6)
    .map((one) => `  ${one.file}: ${kilobytes(one.size)} (${one.parts.map(([name]) => name).join(", ")})`);
  return [
    `${part.name} costs ${kilobytes(part.size)} of script, ${kilobytes(part.limit)} are allowed:`,
    ...lines,
    "Load what is not needed at once by import() when it is, or do without it.",
  ].join("\n");
}

const kilobytes = (bytes: number) => `${(bytes / 1000).toFixed(1)} kB`;

/** Holds the budget at the end of each build. */
export function budgetPlugin(): Plugin {
  return {
    name: "deskhand:budget",
    apply: "build",
    generateBundle: {
      order: "post",
      handler(_options, bundle) {
        const files = Object.values(bundle).filter((one) => one.fileName.endsWith(".js"));
        const scripts = files.map((one): Script => {
          const code = one.type === "chunk" ? one.code : String(one.source);
          // A worker is a file of its own that is named in the script that starts it.
          const workers = files.filter(
            (other) => other.type === "asset" && other !== one && code.includes(other.fileName),
          );
          return {
            file: one.fileName,
            entry: one.type === "chunk" ? (one.facadeModuleId ?? undefined) : undefined,
            size: compressed(code).length,
            needs: [...(one.type === "chunk" ? one.imports : []), ...workers.map((worker) => worker.fileName)],
            parts: one.type === "chunk" ? largest(one.modules) : [],
          };
        });
        const parts = measure(scripts);
        const wrong = parts.flatMap((part) => complaint(part, scripts) ?? []);
        if (wrong.length > 0) this.error(wrong.join("\n\n"));
        const list = parts.sort((a, b) => b.size - a.size).map((part) => `${part.name} ${kilobytes(part.size)}`);
        this.environment.logger.info(`script in brotli: ${list.slice(0, 8).join(", ")}`);
      },
    },
  };
}

/** The packages and folders with the most code in a script. */
function largest(modules: Record<string, { renderedLength: number }>): [string, number][] {
  const sums = new Map<string, number>();
  for (const [id, { renderedLength }] of Object.entries(modules)) {
    const name = id.match(/node_modules\/((?:@[^/]+\/)?[^/]+)/)?.[1] ?? id.replace(/^.*\/src\//, "");
    sums.set(name, (sums.get(name) ?? 0) + renderedLength);
  }
  return [...sums].sort((a, b) => b[1] - a[1]).slice(0, 5);
}
