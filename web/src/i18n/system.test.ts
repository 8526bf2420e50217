import { expect, test } from "vitest";
import { shortSystem } from "./system";

test.each([
  ["Debian GNU/Linux 13 (trixie)", "Debian 13"],
  ["Ubuntu 26.04 LTS", "Ubuntu 26.04 LTS"],
  ["Microsoft Windows 11 Pro", "Windows 11 Pro"],
  ["macOS 26.1", "macOS 26.1"],
  ["", ""],
])("%s is %s", (system, short) => expect(shortSystem(system)).toBe(short));
