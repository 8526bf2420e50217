// What a tab of the browser remembers of its prompts, so that they are there again after a reload: which they are, and what was shown.

/** A shell waits so long for somebody who comes back, ms: docs/protocol.md, "Command prompt". */
const waits = 120_000;

export interface KeptTab {
  id: string;
  number: number;
  title: string;
  /** The offset up to which the output was on the screen: questions before it have been answered. */
  shown: string;
}

export interface Kept {
  /** When the page was left, or still there. */
  at: number;
  /** The number of the tab in front. */
  active: number;
  tabs: KeptTab[];
}

export class Keeper {
  private readonly name: string;
  private readonly storage: Pick<Storage, "getItem" | "setItem" | "removeItem">;
  private readonly now: () => number;

  /** of: what the prompts belong to. */
  constructor(
    of: string,
    storage: Pick<Storage, "getItem" | "setItem" | "removeItem"> = sessionStorage,
    now = Date.now,
  ) {
    this.name = `deskhand.prompts.${of}`;
    this.storage = storage;
    this.now = now;
  }

  /** What can be come back to; undefined: nothing. */
  read(): Kept | undefined {
    const text = this.storage.getItem(this.name);
    if (text === null) return undefined;
    try {
      const kept = JSON.parse(text) as Kept;
      if (this.now() - kept.at > waits || kept.tabs.length === 0) return undefined;
      return { ...kept, tabs: kept.tabs.map((tab) => ({ ...tab, shown: BigInt(tab.shown).toString() })) };
    } catch {
      return undefined; // of another version
    }
  }

  write(active: number, tabs: KeptTab[]): void {
    if (tabs.length === 0) this.storage.removeItem(this.name);
    else this.storage.setItem(this.name, JSON.stringify({ at: this.now(), active, tabs } satisfies Kept));
  }
}
