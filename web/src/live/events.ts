import type { QueryClient } from "@tanstack/react-query";
import { meQuery } from "../api/me";

// One WebSocket tells what has changed; the pages fetch it again. A hint may be lost, so after every (re)connect all of it is
// fetched once. See GET /api/events.

export type LiveState = "connecting" | "open" | "lost";

const TOPICS: Record<string, readonly (readonly string[])[]> = {
  sessions: [["sessions"]],
  computers: [["computers"], ["groups"]],
  logs: [["logs"]],
  invites: [["invites"]],
  webhooks: [["webhooks"]],
  settings: [["me"], ["welcome"], ["branding"], ["policy"], ["sign-on"]],
  agents: [["me"], ["security"], ["logins"], ["tokens"], ["sessions"], ["computers"], ["agents"], ["roles"]],
};

/** Hints that come together lead to one fetch, milliseconds. */
const GATHER = 60;
/** More computers than these are fetched as the whole list. */
const MOST_COMPUTERS = 200;
const FIRST_RETRY = 500;
const LAST_RETRY = 15_000;
/** Below this the connection counts as one that breaks at once, and the wait goes on growing. */
const STEADY = 10_000;

export interface LiveOptions {
  queries: QueryClient;
  url: string;
  /** Test seams. */
  WebSocket?: new (
    url: string,
  ) => WebSocket;
  random?: () => number;
}

/** The connection for as long as an agent is logged in. */
export class Live {
  private readonly options: Required<LiveOptions>;
  private readonly watchers = new Set<() => void>();
  private readonly gathered = new Set<string>();
  /** Computers that changed, where "computers" is not gathered as a whole. */
  private readonly computers = new Set<string>();
  private socket: WebSocket | undefined;
  private retry: ReturnType<typeof setTimeout> | undefined;
  private gather: ReturnType<typeof setTimeout> | undefined;
  private wait = FIRST_RETRY;
  private openedAt = 0;
  state: LiveState = "connecting";

  constructor(options: LiveOptions) {
    this.options = { WebSocket: globalThis.WebSocket, random: Math.random, ...options };
  }

  start(): void {
    window.addEventListener("online", this.now);
    window.addEventListener("offline", this.offline);
    this.connect();
  }

  stop(): void {
    window.removeEventListener("online", this.now);
    window.removeEventListener("offline", this.offline);
    clearTimeout(this.retry);
    clearTimeout(this.gather);
    this.gather = undefined;
    const { socket } = this;
    this.socket = undefined;
    socket?.close();
  }

  /** Tries at once: the network is back, or somebody asked. */
  readonly now = (): void => {
    if (this.state === "open" || this.socket) return;
    clearTimeout(this.retry);
    this.connect();
  };

  /** The network is gone: a socket would notice only minutes later. */
  private readonly offline = (): void => {
    const { socket } = this;
    if (!socket) return;
    this.socket = undefined;
    socket.close();
    this.lost();
  };

  readonly subscribe = (watcher: () => void): (() => void) => {
    this.watchers.add(watcher);
    return () => this.watchers.delete(watcher);
  };

  readonly getState = (): LiveState => this.state;

  private connect(): void {
    const socket = new this.options.WebSocket(this.options.url);
    this.socket = socket;
    socket.onopen = () => {
      this.openedAt = performance.now();
      const again = this.state === "lost";
      this.set("open");
      if (again) void this.options.queries.invalidateQueries();
    };
    socket.onmessage = (event) => this.receive(event.data);
    socket.onclose = () => {
      if (this.socket !== socket) return;
      this.socket = undefined;
      this.lost();
    };
  }

  private lost(): void {
    const { queries, random } = this.options;
    if (this.state === "open" && performance.now() - this.openedAt > STEADY) this.wait = FIRST_RETRY;
    this.set("lost");
    // The browser does not say why: when it was the login that ended, this tells.
    void queries.invalidateQueries(meQuery);
    this.retry = setTimeout(() => this.connect(), this.wait * (0.5 + random()));
    this.wait = Math.min(LAST_RETRY, this.wait * 2);
  }

  private receive(data: unknown): void {
    let message: { type?: unknown; topics?: unknown; computers?: unknown };
    try {
      message = JSON.parse(String(data));
    } catch {
      return; // not ours
    }
    if (message.type === "login-ended") this.options.queries.setQueryData(meQuery.queryKey, null);
    if (message.type !== "changed" || !Array.isArray(message.topics)) return;
    const some = Array.isArray(message.computers) ? message.computers.map(String) : undefined;
    for (const id of some ?? []) this.computers.add(id);
    for (const topic of message.topics) if (topic !== "computers" || !some) this.gathered.add(String(topic));
    this.gather ??= setTimeout(() => {
      this.gather = undefined;
      const topics = [...this.gathered];
      this.gathered.clear();
      const computers = [...this.computers];
      this.computers.clear();
      const whole = topics.includes("computers") || computers.length > MOST_COMPUTERS;
      if (whole && computers.length > 0) topics.push("computers");
      else if (computers.length > 0) void this.refresh(computers);
      for (const topic of new Set(topics)) {
        for (const queryKey of TOPICS[topic] ?? []) void this.options.queries.invalidateQueries({ queryKey });
      }
    }, GATHER);
  }

  /** Fetches some computers; what does so comes with the pages that show them. */
  private async refresh(computers: string[]): Promise<void> {
    const { queries } = this.options;
    try {
      const { refreshComputers } = await import("../api/computers");
      await refreshComputers(queries, computers);
    } catch {
      await queries.invalidateQueries({ queryKey: ["computers"] });
    }
  }

  private set(state: LiveState): void {
    if (state === this.state) return;
    this.state = state;
    for (const each of this.watchers) each();
  }
}

/** The address of the events on this host. */
export function eventsUrl(): string {
  const url = new URL("/api/events", location.href);
  url.protocol = url.protocol === "https:" ? "wss:" : "ws:";
  return url.href;
}
