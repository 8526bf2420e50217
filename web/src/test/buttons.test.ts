import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseSync } from "vite";
import { expect, test } from "vitest";
import first from "../locales/en";
import rest from "../locales/en.rest";

// Every button of the console is pressed by an end-to-end test, by its name: here is the list of all that the components have, dialogs and
// menus included, against the names that the tests in e2e/tests say. Whoever adds a button adds it to a test there.

const src = fileURLToPath(new URL("..", import.meta.url));
const specs = join(src, "../../e2e/tests");

/** Buttons that no end-to-end test can or need press, and why. */
const excused: Record<string, string> = {
  "action.copied": "what a button says for a moment after it was pressed",
  "action.copyFailed": "what a button says for a moment after it was pressed",
  "viewer.displays": "the X servers of the tests have one display; pages/viewer/viewer.test.tsx chooses one of two",
  "viewer.displayPrimary": "as viewer.displays",
  "webhooks.older": "more than twenty events of one webhook",
};

const flat = (value: object, path = ""): [string, string][] =>
  Object.entries(value).flatMap(([key, child]) =>
    typeof child === "string" ? [[path + key, child] as [string, string]] : flat(child, `${path}${key}.`),
  );
const english = new Map([...flat(first), ...flat(rest)]);

interface Node {
  type: string;
  [key: string]: unknown;
}
const isNode = (value: unknown): value is Node => typeof value === "object" && value !== null && "type" in value;
const children = (node: Node) =>
  Object.values(node).flatMap((value) => (Array.isArray(value) ? value : [value]).filter(isNode));
const nameOf = (node: unknown): string => {
  if (!isNode(node)) return "";
  if (node.type === "JSXMemberExpression") return `${nameOf(node.object)}.${nameOf(node.property)}`;
  return String(node.name ?? "");
};

const button = /^(Button|ActionIcon|UnstyledButton|CloseButton|Tool|CopyButton|Menu\.(Sub\.)?(Checkbox|Radio)?Item)$/;
/** Attributes by which a component is told what its button says. */
const says = /^(button|action)$/;
const elementOf = (node: Node) => (node.type === "JSXElement" ? nameOf((node.openingElement as Node).name) : "");
const attributes = (node: Node) =>
  ((node.openingElement as Node).attributes as Node[]).filter((one) => isNode(one.name));

/** The keys that an expression may say, without those of elements within. */
function keysIn(node: Node): string[] {
  if (node.type === "CallExpression" && nameOf(node.callee) === "t") {
    const [key] = node.arguments as Node[];
    if (key?.type === "Literal") return [String(key.value)];
    if (key?.type === "TemplateLiteral") {
      const [start] = key.quasis as { value: { cooked: string } }[];
      return [...english.keys()].filter((one) => one.startsWith(start!.value.cooked));
    }
    if (key?.type === "ConditionalExpression")
      return [key.consequent, key.alternate].flatMap((one) => (isNode(one) ? [String(one.value)] : []));
  }
  return children(node).flatMap((one) => (button.test(elementOf(one)) ? [] : keysIn(one)));
}

/** What the buttons of a file are called, as keys. */
function buttonsIn(node: Node): string[] {
  const below = children(node).flatMap(buttonsIn);
  const element = elementOf(node);
  if (!element) return below;
  const all = attributes(node);
  const told = all.filter((one) => says.test(nameOf(one.name)) && isNode(one.value) && !holdsElement(one.value));
  const own = told.flatMap((one) => keysIn(one.value as Node));
  if (!button.test(element)) return [...own, ...below];
  const label = all.find((one) => /^(aria-label|name|label)$/.test(nameOf(one.name)));
  const named = label && isNode(label.value) ? keysIn(label.value) : (node.children as Node[]).flatMap(keysIn);
  return [...own, ...named, ...below];
}

const holdsElement = (node: Node): boolean => node.type === "JSXElement" || children(node).some(holdsElement);

/** What the tests say: strings, and regular expressions that begin a name. */
const code = readdirSync(specs)
  .filter((name) => name.endsWith(".spec.ts") && name !== "screenshots.spec.ts")
  .map((name) => readFileSync(join(specs, name), "utf8"))
  .join("\n");
const said = [...code.matchAll(/'([^'\n]+)'|`([^`\n]+)`/g)].map((found) => (found[1] ?? found[2]!).toLowerCase());
const forms = [...code.matchAll(/name: \/(\^(?:[^/\n\\]|\\.)+)\//g)].map((found) => new RegExp(found[1]!, "i"));

/** A name with a variable in it is said when its longest fixed part is. */
function isSaid(text: string): boolean {
  if (forms.some((form) => form.test(text))) return true;
  const parts = text.toLowerCase().split(/\{\{\w+\}\}/);
  if (parts.length === 1) return said.includes(parts[0]!);
  const [longest] = parts.toSorted((a, b) => b.length - a.length);
  return said.some((one) => one.includes(longest!.trim()));
}

test("every button has an end-to-end test that names it", () => {
  const files = readdirSync(src, { recursive: true, encoding: "utf8" }).filter(
    (name) => name.endsWith(".tsx") && !/\.test\.tsx$|^test\//.test(name),
  );
  const missing: string[] = [];
  const met = new Set<string>();
  for (const name of files) {
    const { program } = parseSync(name, readFileSync(join(src, name), "utf8"));
    for (const key of buttonsIn(program as unknown as Node)) {
      met.add(key);
      const text = english.get(key) ?? english.get(`${key}_other`) ?? "";
      if (!(key in excused) && !isSaid(text)) missing.push(`${name}: ${key}: ${text}`);
    }
  }
  expect(met.size).toBeGreaterThan(80);
  expect([...new Set(missing)]).toEqual([]);
  expect(Object.keys(excused).filter((key) => !met.has(key))).toEqual([]); // no excuse outlives its button
});
