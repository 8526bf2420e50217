import { expect, test } from "vitest";
import { meant, pageAddress } from "./links";

test.each([
  ["https://example.com/a?b#c", "https://example.com/a?b#c"],
  ["HTTP://EXAMPLE.com", "http://example.com/"],
  ["javascript:alert(1)", undefined],
  ["file:///etc/passwd", undefined],
  ["data:text/html,<script>", undefined],
  ["ssh://host", undefined],
  ["not an address", undefined],
])("%s leads to %s", (target, address) => {
  expect(pageAddress(target)).toBe(address);
});

test("a link is opened with Ctrl or Command only", () => {
  expect([meant({ ctrlKey: false, metaKey: false }), meant({ ctrlKey: true, metaKey: false })]).toEqual([false, true]);
});
