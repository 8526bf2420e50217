// A worker that has started before a picture is asked for: starting one and compiling zstd takes longer than all the rest of connecting.

let waiting: Worker | undefined;

/** Starts the worker of the next viewer, unless it waits already. */
export function standBy(): void {
  if (waiting) return;
  const worker = startWorker();
  worker.onerror = (e) => {
    e.preventDefault(); // the viewer that needs one tries again, and says what is wrong
    if (waiting === worker) waiting = undefined;
  };
  waiting = worker;
}

/** The worker that waits, or a new one. The caller ends it. */
export function takeWorker(): Worker {
  const worker = waiting ?? startWorker();
  waiting = undefined;
  return worker;
}

function startWorker(): Worker {
  // Vite makes a file of its own from exactly this expression. Its address is ours, which our Trusted Types policy lets pass.
  return new Worker(new URL("./worker.ts", import.meta.url), { type: "module", name: "viewer" });
}
