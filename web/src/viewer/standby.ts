// A worker that has started before a picture is asked for: starting one and compiling zstd takes longer than all the rest of connecting.

import type { ToPage } from "./messages";

/** A worker of a viewer. The one who takes it ends it. */
export interface Standby {
  readonly worker: Worker;
  /** Of the first key exchange, once the worker has begun it: who has it need not wait for the worker to ask the server. */
  commitment?: string;
}

let waiting: Standby | undefined;

/** Starts the worker of the next viewer, unless it waits already. */
export function standBy(): void {
  if (waiting) return;
  const standby = startWorker();
  const { worker } = standby;
  worker.onmessage = ({ data }: MessageEvent<ToPage>) => {
    if (data.type === "standing-by") standby.commitment = data.commitment;
  };
  worker.onerror = (e) => {
    e.preventDefault(); // the viewer that needs one tries again, and says what is wrong
    if (waiting === standby) waiting = undefined;
  };
  waiting = standby;
}

/** The worker that waits, or a new one. */
export function takeWorker(): Standby {
  const standby = waiting ?? startWorker();
  waiting = undefined;
  return standby;
}

function startWorker(): Standby {
  // Vite makes a file of its own from exactly this expression. Its address is ours, which our Trusted Types policy lets pass.
  return { worker: new Worker(new URL("./worker.ts", import.meta.url), { type: "module", name: "viewer" }) };
}
