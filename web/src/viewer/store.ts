import type { WorkerState } from "./messages";

/** The worker's part of the state. Every change goes to the page. */
export class Store {
  private readonly tell: (state: WorkerState) => void;
  state: WorkerState;

  constructor(first: WorkerState, tell: (state: WorkerState) => void) {
    this.state = first;
    this.tell = tell;
  }

  set(change: Partial<WorkerState>): void {
    const { state } = this;
    const names = Object.keys(change) as (keyof WorkerState)[];
    if (names.every((name) => state[name] === change[name])) return;
    this.state = { ...state, ...change };
    this.tell(this.state);
  }
}
