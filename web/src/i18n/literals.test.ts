import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseSync } from "vite";
import { describe, expect, test } from "vitest";
import first from "../locales/en";
import rest from "../locales/en.rest";

// What people read or hear comes from the catalogues: no text stands in a component. What can be said by types is left to them
// (each key that a template makes has to exist); here is what types cannot see.

const src = fileURLToPath(new URL("..", import.meta.url));
const files = readdirSync(src, { recursive: true, encoding: "utf8" }).filter(
  (name) =>
    /\.tsx?$/.test(name) && !/\.(test|gen)\.tsx?$|_pb\.ts$|^(test|wire\/wiretest|viewer\/viewertest)\//.test(name),
);

const flat = (value: object, path = ""): string[] =>
  Object.entries(value).flatMap(([key, child]) =>
    typeof child === "string" ? [path + key] : flat(child, `${path}${key}.`),
  );
const keys = flat({ ...first, ...rest }).map((key) => key.replace(/_(zero|one|two|few|many|other)$/, ""));
const exists = (key: string) => keys.includes(key);

/** Attributes, and members of objects, that end up before somebody's eyes or ears. */
const read =
  /^(alt|aria-(label|description|roledescription|valuetext|placeholder)|caption|description|error|header|heading|hint|label|message|placeholder|text|title|tooltip)$/;
/** The product's name and how an address begins are the same in every language. */
const allowed = new Set(["Deskhand", "https://"]);
const wordy = (text: unknown) =>
  typeof text === "string" && /\p{L}{2}/u.test(text) && !allowed.has(text.trim()) && !exists(text);

interface Node {
  type: string;
  start: number;
  [key: string]: unknown;
}
const isNode = (value: unknown): value is Node => typeof value === "object" && value !== null && "type" in value;

function walk(node: Node, visit: (node: Node, parents: Node[]) => void, parents: Node[] = []): void {
  visit(node, parents);
  for (const value of Object.values(node)) {
    for (const child of Array.isArray(value) ? value : [value]) {
      if (isNode(child)) walk(child, visit, [...parents, node]);
    }
  }
}

/** The literal texts that an expression may become. */
function texts(node: unknown): string[] {
  if (!isNode(node)) return [];
  switch (node.type) {
    case "Literal":
      return wordy(node.value) ? [String(node.value)] : [];
    case "TemplateLiteral":
      return (node.quasis as { value: { cooked: string } }[]).map((one) => one.value.cooked).filter(wordy);
    case "JSXText":
      return wordy(node.value) ? [String(node.value).trim()] : [];
    case "JSXExpressionContainer":
    case "ParenthesizedExpression":
    case "TSAsExpression":
      return texts(node.expression);
    case "ConditionalExpression":
      return [...texts(node.consequent), ...texts(node.alternate)];
    case "LogicalExpression":
      return [...(node.operator === "&&" ? [] : texts(node.left)), ...texts(node.right)];
    case "BinaryExpression":
      return node.operator === "+" ? [...texts(node.left), ...texts(node.right)] : [];
    default:
      return [];
  }
}

const nameOf = (node: unknown): string => (isNode(node) ? String(node.name ?? node.value ?? "") : "");

/** The faults of one file, each as "line: what". */
function faults(name: string, code: string): string[] {
  const found: string[] = [];
  const { program, errors } = parseSync(name, code);
  expect(errors, name).toEqual([]);
  const component = name.endsWith(".tsx");
  walk(program as unknown as Node, (node, parents) => {
    const say = (what: string) => found.push(`${code.slice(0, node.start).split("\n").length}: ${what}`);
    const parent = parents.at(-1);
    const child = parent?.type === "JSXElement" || parent?.type === "JSXFragment";
    if (child && (node.type === "JSXText" || node.type === "JSXExpressionContainer")) {
      for (const text of texts(node)) say(`the text ${JSON.stringify(text)}`);
    }
    if (node.type === "JSXAttribute" && read.test(nameOf(node.name))) {
      for (const text of texts(node.value)) say(`${nameOf(node.name)}=${JSON.stringify(text)}`);
    }
    const type = parents.some((one) => one.type.startsWith("TS"));
    if (component && node.type === "Property" && read.test(nameOf(node.key)) && !type) {
      for (const text of texts(node.value)) say(`${nameOf(node.key)}: ${JSON.stringify(text)}`);
    }
    if (node.type === "CallExpression" && nameOf(node.callee) === "t") {
      const [key] = node.arguments as Node[];
      if (key?.type.startsWith("TS")) say("a key whose type is forced: nobody knows whether it exists");
      if (key?.type === "Literal" && !exists(String(key.value))) say(`${key.value} is in no catalogue`);
      if (key?.type === "TemplateLiteral" && !groupExists(key)) say("no catalogue has keys of this form");
    }
    if (name !== "i18n/format.ts") {
      if (node.type === "Identifier" && node.name === "Intl") say("Intl: say it in i18n/format.ts");
      if (node.type === "MemberExpression" && /^toLocale(Date|Time)?String$/.test(nameOf(node.property)))
        say(`${nameOf(node.property)}: dates and numbers are written by i18n/format.ts`);
    }
  });
  return found;
}

function groupExists(template: Node): boolean {
  const parts = (template.quasis as { value: { cooked: string } }[]).map((one) =>
    one.value.cooked.replaceAll(/[.*+?^${}()|[\]\\]/g, "\\$&"),
  );
  const form = new RegExp(`^${parts.join("[\\w.-]+")}$`);
  return keys.some((key) => form.test(key));
}

describe("texts and formats", () => {
  test.each(files)("%s", (name) => {
    expect(faults(name, readFileSync(join(src, name), "utf8"))).toEqual([]);
  });
});

test("the test sees what it has to see", () => {
  const code = [
    'const A = () => <p title="Hello there">Some words {late ? "now" : t("nav.none")} · 4</p>;',
    `const b = { label: \`Number \${n}\`, id: "name", value: "sessions" };`,
    `const c = t("nope" as never) + t(\`nope.\${x}\`) + new Date().toLocaleString() + new Intl.NumberFormat("de");`,
    'const D = () => <a aria-label={x && "More"} className="link">Deskhand</a>;',
  ].join("\n");
  expect(faults("a.tsx", code)).toEqual([
    '1: title="Hello there"',
    '1: the text "Some words"',
    '1: the text "now"',
    "1: nav.none is in no catalogue",
    '2: label: "Number "',
    "3: a key whose type is forced: nobody knows whether it exists",
    "3: no catalogue has keys of this form",
    "3: toLocaleString: dates and numbers are written by i18n/format.ts",
    "3: Intl: say it in i18n/format.ts",
    '4: aria-label="More"',
  ]);
});
