// The worker of a page's prompts: connections, keys, and what is sent and received. The page has the terminals.

import { RefusedError } from "../channel/dial";
import { type Ending, Supervisor } from "../channel/supervisor";
import { Connection } from "./connection";
import type { ToPage, ToWorker } from "./messages";
import { Offsets } from "./offsets";
import { before, type PromptState, type PromptTicket, type Size } from "./state";

interface Scope {
  onmessage: ((event: MessageEvent<ToWorker>) => void) | null;
  readonly location: { readonly href: string };
  postMessage(message: ToPage, transfer?: Transferable[]): void;
  addEventListener(type: "online", listener: () => void): void;
}

const scope = self as unknown as Scope;
const prompts = new Map<number, WorkerPrompt>();

/** A question to the page: what connect resolves with. */
interface Question {
  resolve: (ticket: PromptTicket) => void;
  reject: (error: RefusedError) => void;
}

class WorkerPrompt {
  private readonly prompt: number;
  private readonly shell: string;
  private readonly supervisor: Supervisor;
  private readonly offsets = new Offsets();
  private state = before;
  private size: Size;
  private id: string | undefined;
  /** Another page had it before. */
  private readonly back: boolean;
  private connection: Connection | undefined;
  private question: Question | undefined;

  constructor({ prompt, id, shell = "", size }: Extract<ToWorker, { type: "start" }>) {
    this.prompt = prompt;
    this.id = id;
    this.back = id !== undefined;
    this.shell = shell;
    this.size = size;
    this.supervisor = new Supervisor({
      once: (again) => this.once(again),
      onWaiting: (again) => this.set({ phase: again ? "reconnecting" : "connecting" }),
      onEnded: (reason) => {
        this.set({ phase: "ended", reason });
        this.gone();
      },
    });
    void this.supervisor.run();
  }

  retry(): void {
    this.supervisor.retry();
  }

  receive(message: ToWorker): void {
    switch (message.type) {
      case "connected":
        this.id = message.ticket.promptId;
        this.question?.resolve(message.ticket);
        break;
      case "refused":
        this.question?.reject(new RefusedError(message.code));
        break;
      case "input":
        this.connection?.input(message.data);
        break;
      case "resize":
        this.size = message.size;
        this.connection?.resize(message.size);
        break;
      case "shown":
        this.connection?.shown(message.offset);
        break;
      case "end":
        this.supervisor.stop();
        void this.connection?.close(message.shell);
        this.gone();
    }
  }

  private async once(again: boolean): Promise<Ending> {
    const { prompt, offsets } = this;
    this.connection = new Connection({
      shell: this.shell,
      size: () => this.size,
      offsets,
      again: again || this.back,
      connect: (commitment) => this.ask(commitment),
      onChange: (change) => this.set(change),
      onOutput: (offset, data) => {
        const own = data.slice(); // a part of a larger message
        scope.postMessage({ prompt, type: "output", offset, data: own }, [own.buffer]);
      },
      onGap: () => scope.postMessage({ prompt, type: "gap" }),
      base: scope.location.href,
    });
    const ending = await this.connection.run();
    this.connection = undefined;
    this.set({ secondsLeft: undefined });
    return ending;
  }

  private ask(commitment: string): Promise<PromptTicket> {
    scope.postMessage({ prompt: this.prompt, type: "connect", commitment, id: this.id });
    return new Promise((resolve, reject) => {
      this.question = { resolve, reject };
    });
  }

  private set(change: Partial<PromptState>): void {
    const { state } = this;
    const names = Object.keys(change) as (keyof PromptState)[];
    if (names.every((name) => state[name] === change[name])) return;
    this.state = { ...state, ...change };
    scope.postMessage({ prompt: this.prompt, type: "state", state: this.state });
  }

  private gone(): void {
    prompts.delete(this.prompt);
    scope.postMessage({ prompt: this.prompt, type: "gone" });
  }
}

scope.addEventListener("online", () => {
  for (const one of prompts.values()) one.retry();
});

scope.onmessage = ({ data }) => {
  if (data.type === "start") prompts.set(data.prompt, new WorkerPrompt(data));
  else prompts.get(data.prompt)?.receive(data);
};
