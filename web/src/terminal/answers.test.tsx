import { Terminal } from "@xterm/xterm";
import { afterEach, expect, test } from "vitest";
import { restrictAnswers } from "./answers";

let terminal: Terminal;
afterEach(() => terminal.dispose());

/** What the terminal says to output. */
async function answersTo(output: string, replaying = false): Promise<string> {
  let said = "";
  terminal = new Terminal({ allowProposedApi: true, cols: 80, rows: 24 });
  terminal.onData((text) => {
    said += text;
  });
  restrictAnswers({
    terminal,
    answer: (text) => {
      said += text;
    },
    replaying: () => replaying,
    colours: () => ({ text: "#15191d", ground: "#ffffff" }),
  });
  await new Promise<void>((resolve) => terminal.write(output, resolve));
  return said;
}

test.each([
  ["who it is", "\x1b[c", "\x1b[?1;2c"],
  ["who it is, more exactly", "\x1b[>c", "\x1b[>0;276;0c"],
  ["that it is well", "\x1b[5n", "\x1b[0n"],
  ["where the cursor is", "ab\r\ncd\x1b[6n", "\x1b[2;3R"],
  ["where the cursor is, as DEC asks", "\x1b[?6n", "\x1b[?1;1R"],
  ["the colour of the text", "\x1b]10;?\x07", "\x1b]10;rgb:1515/1919/1d1d\x1b\\"],
  ["the colour of the ground", "\x1b]11;?\x1b\\", "\x1b]11;rgb:ffff/ffff/ffff\x1b\\"],
])("is told %s", async (_what, asked, told) => {
  expect(await answersTo(asked)).toBe(told);
});

test.each([
  ["its title", "\x1b]0;rm -rf ~\x07\x1b[21t"],
  ["its icon’s name", "\x1b]1;evil\x07\x1b[20t"],
  ["its size by pixels and cells", "\x1b[14t\x1b[16t\x1b[18t"],
  ["the clipboard", "\x1b]52;c;cm0gLXJmIH4=\x07\x1b]52;c;?\x07"],
  ["a setting", "\x1bP$qm\x1b\\\x1bP$q\r\nrm\r\n\x1b\\"],
  ["a mode", "\x1b[?2004$p\x1b[4$p"],
  ["a colour of the palette", "\x1b]4;1;#123456\x07\x1b]4;1;?\x07"],
  ["two colours at once", "\x1b]10;?;?\x07"],
  ["its version", "\x1b[>q"],
  ["its keyboard", "\x1b[?u"],
  ["a capability", "\x1bP+q544e\x1b\\"],
  ["other states", "\x1b[?15n\x1b[?26n\x1b[999n\x1b[1c\x1b[=c"],
  ["a checksum of what it shows", "\x1b[1;1;1;1;1;1*y"],
])("is not told %s", async (_what, asked) => {
  expect(await answersTo(asked)).toBe("");
});

test("questions that come again, as after a reload, have been answered", async () => {
  expect(await answersTo("\x1b[c\x1b[6n\x1b]11;?\x07", true)).toBe("");
});
