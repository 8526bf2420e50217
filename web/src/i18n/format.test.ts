import { expect, test } from "vitest";
import { clock, createFormat, localeFor } from "./format";

const now = Date.parse("2026-11-22T12:00:00Z");
const before = (seconds: number) => new Date(now - seconds * 1000);

test.each([
  [0, "now"],
  [44, "now"],
  [50, "1 min ago"],
  [180, "3 min ago"],
  [46 * 60, "1 hr ago"],
  [3 * 3600, "3 hr ago"],
  [23 * 3600, "yesterday"],
  [6 * 86400, "6 days ago"],
  [70 * 86400, "2 mo ago"],
  [800 * 86400, "2 yr ago"],
  [-30, "now"], // the server's clock may be ahead
])("%i seconds ago is %j", (seconds, text) => {
  expect(createFormat("en-GB").ago(before(seconds), now)).toBe(text);
});

test("relative time follows the language", () => {
  expect(createFormat("de").ago(before(180), now)).toBe("vor 3 Min.");
  expect(createFormat("fr").ago(before(180), now)).toMatch(/^il y a 3\smin$/);
});

test.each([
  [0, "0:00"],
  [59.9, "0:59"],
  [605, "10:05"],
  [3661, "1:01:01"],
  [90000, "25:00:00"],
  [-3, "0:00"],
])("%d seconds on the clock are %j", (seconds, text) => {
  expect(clock(seconds)).toBe(text);
});

test("the region comes from the browser when its language is the console's", () => {
  expect(localeFor("en", ["de-DE", "en-GB", "en"])).toBe("en-GB");
  expect(localeFor("fr", ["de-DE", "en-GB"])).toBe("fr");
});
