// One connection of a viewer, from the wish to connect to its end.

import { dial, endingOf } from "../channel/dial";
import { type Ending, endedBy } from "../channel/supervisor";
import { channel } from "../wire/channel";
import type { ViewerExchange } from "../wire/exchange";
import type { Link } from "../wire/link";
import type { RelayOptions } from "../wire/relay";
import { matchingWords } from "../wire/words";
import { Conversation } from "./conversation";
import type { PointerShape } from "./messages";
import type { ScreenFeed } from "./screen_feed";
import type { AgentPointer, ConnectInfo, ControlWish, Level } from "./state";
import type { Store } from "./store";

/** Where nobody is asked, the list of words is loaded after the first picture, so that it holds nothing up. ms. */
const afterPicture = 1000;

export interface ConnectionOptions {
  store: Store;
  /** What is asked for. */
  level: Level;
  /** This viewer was connected before. */
  again: boolean;
  visible: () => boolean;
  /** What this browser can do: words for EndHello. */
  capabilities: readonly string[];
  /** The key exchange, when it was begun before. */
  exchange?: ViewerExchange;
  /** Asks the server. Rejects with a RefusedError. */
  connect: (commitment: string, level: Level) => Promise<ConnectInfo>;
  feed: Pick<ScreenFeed, "receive" | "reset">;
  onPointer: (shape: PointerShape) => void;
  onAgentPointer?: (pointer: AgentPointer) => void;
  /** Where relative addresses begin. */
  base: string;
  /** Opens the WebSocket; a test brings its own. */
  open?: RelayOptions["open"];
}

export class Connection {
  private readonly options: ConnectionOptions;
  private readonly giveUp = new AbortController();
  private conversation: Conversation | undefined;
  private link: Link | undefined;
  private later: ReturnType<typeof setTimeout> | undefined;
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
    const { feed, again } = this.options;
    try {
      await this.begin();
    } catch (error) {
      this.finish(endingOf(error, again));
    }
    const ending = await this.ended;
    clearTimeout(this.later);
    feed.reset();
    return ending;
  }

  /** Sends a message to the client, when there is one. */
  send(to: number, message: Uint8Array<ArrayBuffer>): void {
    if (to === channel.input) this.conversation?.input(message);
    else this.link?.send(to, message);
  }

  selectDisplay(id: number): void {
    this.conversation?.selectDisplay(id);
  }

  wish(wish: ControlWish): void {
    this.conversation?.wish(wish);
  }

  keep(): void {
    this.conversation?.keep();
  }

  point(x: number, y: number, gone: boolean): void {
    this.conversation?.point(x, y, gone);
  }

  /** Asks for the whole picture. */
  refresh(): void {
    this.conversation?.refresh();
  }

  visible(visible: boolean): void {
    this.conversation?.visible(visible);
  }

  /** Ends it here and tells the other side. Resolves when that is on its way. */
  async close(): Promise<void> {
    this.giveUp.abort();
    this.conversation?.bye("viewer-closed");
    this.finish({ reason: "viewer-closed", final: true, lived: false });
    await this.link?.close("viewer-closed");
  }

  private async begin(): Promise<void> {
    const { level, connect, exchange, base, open } = this.options;
    const { info, link, wordBits } = await dial({
      ask: (commitment) => connect(commitment, level),
      exchange,
      base,
      giveUp: this.giveUp,
      events: {
        onMessage: (from, message) => this.conversation?.receive(from, message),
        onEnd: (reason) => this.conversation?.end(reason),
      },
      open,
    });
    this.link = link;
    this.converse(info, link, wordBits);
  }

  private converse(info: ConnectInfo, link: Link, wordBits: number): void {
    const { store, level, visible, capabilities, feed, onPointer, onAgentPointer } = this.options;
    const conversation = new Conversation({
      store,
      level,
      consentSeconds: info.consentSeconds,
      visible: visible(),
      capabilities,
      send: (to, message) => link.send(to, message),
      onScreen: (message) => feed.receive(message),
      onPointer,
      onAgentPointer,
      onCapabilities: (capabilities) => {
        // The end-user's side names the language, so that both read the same words.
        const language = capabilities.find((c) => c.startsWith("words:"))?.slice("words:".length) ?? "en";
        this.later = setTimeout(() => void this.tellWords(wordBits, language), info.unattended ? afterPicture : 0);
      },
      onEnd: (reason) => {
        this.finish(endedBy(reason, conversation.lived));
        void link.close(reason === "" ? "viewer-lost" : "viewer-closed");
      },
    });
    this.conversation = conversation;
    conversation.start();
  }

  private async tellWords(bits: number, language: string): Promise<void> {
    try {
      this.options.store.set({ words: await matchingWords(bits, language) });
    } catch (error) {
      console.error("viewer: load the words:", error);
    }
  }
}
