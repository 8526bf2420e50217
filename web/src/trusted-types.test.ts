import { expect, test } from "vitest";
import { onlyCss, onlyOwnScript } from "./trusted-types";

test("CSS text passes, markup does not", () => {
  expect(onlyCss(":root { --a: url(x) }")).not.toBeNull();
  expect(onlyCss("</style><img src=x onerror=alert(1)>")).toBeNull();
  expect(onlyCss("a<b")).toBeNull();
});

test.each([
  ["/assets/worker-a1B2_c.js", true],
  ["https://desk.example/assets/worker.js", true],
  ["https://evil.example/assets/worker.js", false],
  ["//evil.example/assets/worker.js", false],
  ["/join/rodney", false],
  ["/assets/../join/x.js", false],
  ["/assets/a/b.js", false],
  ["data:text/javascript,alert(1)", false],
  ["javascript:alert(1)", false],
  ["blob:https://desk.example/1", false],
  ["http://[", false],
])("script %s passes: %s", (input, passes) => {
  expect(onlyOwnScript(input, "https://desk.example", false) !== null).toBe(passes);
});
