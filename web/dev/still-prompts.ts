import { before, type Prompt, type PromptOptions, type PromptState } from "../src/terminal/state";

// Command prompts without anybody at the other side, for work on the page around them: a shell that knows "ls" and echoes the rest.
// ?phase=connecting|asking|reconnecting|paused|ended&reason=…

const listing = [
  "\x1b[1;34mbin\x1b[0m  \x1b[1;34mdocuments\x1b[0m  \x1b[1;32mbackup.sh\x1b[0m  invoice-2026-118.pdf  \x1b[1;36mlogs\x1b[0m -> /var/log",
  "\x1b[31mred \x1b[32mgreen \x1b[33myellow \x1b[34mblue \x1b[35mmagenta \x1b[36mcyan \x1b[37mwhite \x1b[90mgrey\x1b[0m",
  "\x1b[7m inverse \x1b[0m \x1b[1mbold\x1b[0m \x1b[3mitalic\x1b[0m \x1b[4munderline\x1b[0m  Grüße, 漢字, 🎉",
  "https://support.example.com/join/rodney",
];
const ready = "\x1b]0;rodney@reception-01: ~\x07\x1b[1;32mrodney@reception-01\x1b[0m:\x1b[1;34m~\x1b[0m$ ";

export class Prompts {
  start(options: PromptOptions): Prompt {
    return new StillPrompt(options);
  }
  dispose(): void {}
}

class StillPrompt implements Prompt {
  private readonly options: PromptOptions;
  private line = "";
  private offset = 0n;

  constructor(options: PromptOptions) {
    this.options = options;
    const params = new URLSearchParams(location.search);
    const phase = (params.get("phase") ?? "open") as PromptState["phase"];
    const shells = ["/bin/bash", "/bin/sh", "/bin/dash", "/usr/bin/tmux"];
    const shell = options.shell ?? "/bin/bash";
    options.connect("commitment", options.id).then(
      ({ promptId }) => {
        options.onId(promptId);
        const words = ["lantern", "orchard"] as const;
        if (phase === "asking") options.onState({ ...before, phase, words, secondsLeft: 24 });
        if (phase === "connecting" || phase === "asking") return;
        const reason = phase === "ended" ? (params.get("reason") ?? "shell-ended") : undefined;
        const started = reason === undefined || reason === "shell-ended";
        options.onState({ ...before, phase, reason, shell: started ? shell : undefined, shells, program: "" });
        if (started) this.say(`${ready}ls\r\n${listing.join("\r\n")}\r\n${ready}`);
      },
      (error: unknown) => {
        options.onFault(error);
        const reason = (error as { code?: string }).code ?? "internal";
        options.onState({ ...before, phase: "ended", reason });
      },
    );
  }

  input(data: string | Uint8Array<ArrayBuffer>): void {
    for (const letter of typeof data === "string" ? data : "") {
      if (letter === "\r") {
        this.say(
          `\r\n${this.line === "ls" ? `${listing.join("\r\n")}\r\n` : this.line ? `${this.line}\r\n` : ""}${ready}`,
        );
        this.line = "";
      } else if (letter === "\x7f") {
        if (this.line) this.say("\b \b");
        this.line = this.line.slice(0, -1);
      } else if (letter >= " ") {
        this.line += letter;
        this.say(letter);
      }
    }
  }
  resize(): void {}
  shown(): void {}
  close(): void {}
  leave(): void {}

  private say(text: string): void {
    const data = new TextEncoder().encode(text);
    this.options.onOutput(this.offset, data);
    this.offset += BigInt(data.length);
  }
}
