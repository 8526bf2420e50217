import { expect, test } from "vitest";
import { complaint, FIRST, FURTHER, measure, type Script } from "./budget";

const script = (file: string, size: number, more: Partial<Script> = {}): Script => ({
  file,
  size,
  needs: [],
  parts: [["react-dom", size]],
  ...more,
});
const src = (path: string) => `/repo/web/src/${path}`;

const build = (sizes: { shared?: number; logs?: number } = {}): Script[] => [
  script("index.js", 100_000, { entry: "/repo/web/index.html", needs: ["shared.js"] }),
  script("shared.js", sizes.shared ?? 50_000),
  script("login.js", 2_000, { entry: src("pages/login.tsx"), needs: ["shared.js"] }),
  script("shell.js", 10_000, { entry: src("components/shell/shell.tsx") }),
  script("sessions.js", 20_000, { entry: src("pages/sessions/sessions.tsx"), needs: ["shared.js", "grid.js"] }),
  script("grid.js", 15_000),
  script("en.js", 4_000, { entry: src("locales/en.ts") }),
  script("de.js", 5_000, { entry: src("locales/de.ts") }),
  script("logs.js", sizes.logs ?? 8_000, { entry: src("pages/logs/logs.tsx"), needs: ["grid.js", "worker.js"] }),
  script("worker.js", 30_000),
];

test("the first pages cost what they need, once, and the largest of the languages", () => {
  const [begin] = measure(build());
  expect(begin).toMatchObject({ size: 100_000 + 50_000 + 2_000 + 10_000 + 20_000 + 15_000 + 5_000, limit: FIRST });
});

test("a further page costs what it adds, its worker included", () => {
  const [, ...further] = measure(build());
  expect(further).toEqual([
    { name: "pages/logs/logs.tsx", files: ["logs.js", "worker.js"], size: 38_000, limit: FURTHER },
  ]);
});

test("what is too large is named, with what is in it", () => {
  const scripts = build({ shared: 110_000, logs: 31_000 });
  const said = measure(scripts).map((part) => complaint(part, scripts));
  expect(said[0]).toMatch(
    /^login and Remote Sessions costs 262\.0 kB of script, 250\.0 kB are allowed:\n {2}shared\.js: 110\.0 kB \(react-dom\)/,
  );
  expect(said[1]).toMatch(
    /^pages\/logs\/logs\.tsx costs 61\.0 kB of script, 60\.0 kB are allowed:\n {2}logs\.js: 31\.0 kB/,
  );
  const within = build();
  expect(measure(within).map((part) => complaint(part, within))).toEqual([undefined, undefined]);
});
