// One connection of a prompt, from the wish to its end.

import { type DialOptions, dial, endingOf } from "../channel/dial";
import { type Ending, endedBy } from "../channel/supervisor";
import type { Link } from "../wire/link";
import { matchingWords } from "../wire/words";
import { Conversation } from "./conversation";
import type { Offsets } from "./offsets";
import type { PromptState, PromptTicket, Size } from "./state";

export interface ConnectionOptions {
  shell: string;
  size: () => Size;
  offsets: Offsets;
  /** This prompt was connected before. */
  again: boolean;
  /** Asks the server. Rejects with a RefusedError. */
  connect: (commitment: string) => Promise<PromptTicket>;
  onChange: (change: Partial<PromptState>) => void;
  onOutput: (offset: bigint, data: Uint8Array<ArrayBuffer>) => void;
  onGap: () => void;
  /** Where relative addresses begin. */
  base: string;
  /** Opens the WebSocket; a test brings its own. */
  open?: DialOptions<PromptTicket>["open"];
}

/** It was taken over by another page of the agent, or may not be there any more: coming back by itself would be wrong. */
const final = new Set(["replaced"]);

export class Connection {
  private readonly options: ConnectionOptions;
  private readonly giveUp = new AbortController();
  private conversation: Conversation | undefined;
  private link: Link | undefined;
  private finish: (ending: Ending) => void = () => {};
  private readonly ended: Promise<Ending>;

  constructor(options: ConnectionOptions) {
    this.options = options;
    this.ended = new Promise((resolve) => {
      this.finish = resolve;
    });
  }

  /** Runs it to its end. Never rejects. */
  async run(): Promise<Ending> {
    try {
      await this.begin();
    } catch (error) {
      this.finish(endingOf(error, this.options.again));
    }
    return this.ended;
  }

  input(data: Uint8Array<ArrayBuffer>): void {
    this.conversation?.input(data);
  }

  resize(size: Size): void {
    this.conversation?.resize(size);
  }

  shown(offset: bigint): void {
    this.conversation?.shown(offset);
  }

  /** Ends it here; shell: and the shell with it. Resolves when that is on its way. */
  async close(shell: boolean): Promise<void> {
    this.giveUp.abort();
    if (shell) this.conversation?.close();
    else this.conversation?.bye("viewer-closed");
    this.finish({ reason: "viewer-closed", final: true, lived: false });
    await this.link?.close("viewer-closed");
  }

  private async begin(): Promise<void> {
    const { connect, base, open } = this.options;
    const { info, link, wordBits } = await dial({
      ask: connect,
      base,
      giveUp: this.giveUp,
      events: {
        onMessage: (from, message) => this.conversation?.receive(from, message),
        onEnd: (reason) => this.conversation?.end(reason),
      },
      open,
    });
    this.link = link;
    const { shell, size, offsets, onChange, onOutput, onGap } = this.options;
    const conversation = new Conversation({
      shell,
      size,
      offsets,
      consentSeconds: info.consentSeconds,
      send: (to, message) => link.send(to, message),
      onChange,
      onOutput,
      onGap,
      onCapabilities: (capabilities) => {
        if (!info.unattended) void this.tellWords(wordBits, capabilities);
      },
      onEnd: (reason) => {
        const ending = endedBy(reason, conversation.lived);
        this.finish({ ...ending, final: ending.final || final.has(reason) });
        void link.close(reason === "" ? "viewer-lost" : "viewer-closed");
      },
    });
    this.conversation = conversation;
    conversation.start();
  }

  /** Both people read the same words, in the language that the client names. */
  private async tellWords(bits: number, capabilities: readonly string[]): Promise<void> {
    const language = capabilities.find((c) => c.startsWith("words:"))?.slice("words:".length) ?? "en";
    try {
      this.options.onChange({ words: await matchingWords(bits, language) });
    } catch (error) {
      console.error("prompt: load the words:", error);
    }
  }
}
