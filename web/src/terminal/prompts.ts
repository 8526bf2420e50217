// The command prompts of a page. A worker owns connections and keys; a terminal (screen.ts) shows what comes.

import type { ToPage, ToWorker } from "./messages";
import { before, type Prompt, type PromptOptions, type Size } from "./state";

/** So many ask the server at once when a page with many prompts comes back. */
const atOnce = 6;
/** A window that is dragged larger has a new size with every frame, ms. */
const settle = 80;
/** How long the worker has to say good-bye, ms. */
const farewell = 1000;

export class Prompts {
  private readonly worker: Worker;
  private readonly open = new Map<number, PagePrompt>();
  private readonly waiting: (() => Promise<void>)[] = [];
  private asking = 0;
  private last = 0;

  constructor() {
    // Vite makes a file of its own from exactly this expression. Its address is ours, which our Trusted Types policy lets pass.
    this.worker = new Worker(new URL("./worker.ts", import.meta.url), { type: "module", name: "prompts" });
    this.worker.onmessage = ({ data }: MessageEvent<ToPage>) => {
      if (data.type === "gone") this.open.delete(data.prompt);
      else this.open.get(data.prompt)?.receive(data);
    };
    this.worker.onerror = (e) => {
      e.preventDefault();
      console.error("prompts:", e.message);
      for (const one of this.open.values()) one.fail();
      this.open.clear();
    };
  }

  start(options: PromptOptions): Prompt {
    const prompt = ++this.last;
    const made = new PagePrompt(prompt, options, {
      tell: (message, transfer = []) => this.worker.postMessage(message, transfer),
      inTurn: (ask) => this.inTurn(ask),
    });
    this.open.set(prompt, made);
    return made;
  }

  /** Leaves all of them. */
  dispose(): void {
    for (const one of this.open.values()) one.leave();
    this.worker.onmessage = null;
    setTimeout(() => this.worker.terminate(), farewell);
  }

  private inTurn(ask: () => Promise<void>): void {
    this.waiting.push(ask);
    this.next();
  }

  private next(): void {
    if (this.asking >= atOnce) return;
    const ask = this.waiting.shift();
    if (!ask) return;
    this.asking++;
    void ask().finally(() => {
      this.asking--;
      this.next();
    });
  }
}

interface Office {
  tell: (message: ToWorker, transfer?: Transferable[]) => void;
  /** Asks the server when it is this one's turn. */
  inTurn: (ask: () => Promise<void>) => void;
}

class PagePrompt implements Prompt {
  private readonly prompt: number;
  private readonly options: PromptOptions;
  private readonly office: Office;
  private settling: ReturnType<typeof setTimeout> | undefined;
  private over = false;

  constructor(prompt: number, options: PromptOptions, office: Office) {
    this.prompt = prompt;
    this.options = options;
    this.office = office;
    const { id, shell, size } = options;
    office.tell({ prompt, type: "start", id, shell, size });
  }

  receive(message: ToPage): void {
    if (this.over) return;
    switch (message.type) {
      case "connect":
        this.office.inTurn(() => this.connect(message.commitment, message.id));
        break;
      case "state":
        this.options.onState(message.state);
        break;
      case "output":
        this.options.onOutput(message.offset, message.data);
        break;
      case "gap":
        this.options.onGap();
    }
  }

  input(text: string | Uint8Array<ArrayBuffer>): void {
    const data = typeof text === "string" ? new TextEncoder().encode(text) : text;
    this.tell({ prompt: this.prompt, type: "input", data });
  }

  resize(size: Size): void {
    clearTimeout(this.settling);
    this.settling = setTimeout(() => this.tell({ prompt: this.prompt, type: "resize", size }), settle);
  }

  shown(offset: bigint): void {
    this.tell({ prompt: this.prompt, type: "shown", offset });
  }

  close(): void {
    this.end(true);
  }

  leave(): void {
    this.end(false);
  }

  /** The worker is gone. */
  fail(): void {
    if (!this.over) this.options.onState({ ...before, phase: "ended", reason: "internal" });
    this.over = true;
  }

  private end(shell: boolean): void {
    this.tell({ prompt: this.prompt, type: "end", shell });
    clearTimeout(this.settling);
    this.over = true;
  }

  private async connect(commitment: string, id: string | undefined): Promise<void> {
    if (this.over) return;
    const { prompt } = this;
    try {
      const ticket = await this.options.connect(commitment, id);
      if (!id) this.options.onId(ticket.promptId);
      this.tell({ prompt, type: "connected", ticket });
    } catch (error) {
      this.options.onFault(error);
      this.tell({ prompt, type: "refused", code: codeOf(error) });
    }
  }

  private tell(message: ToWorker): void {
    if (!this.over) this.office.tell(message);
  }
}

function codeOf(error: unknown): string {
  const code = (error as { code?: unknown } | null)?.code;
  return typeof code === "string" ? code : "";
}
