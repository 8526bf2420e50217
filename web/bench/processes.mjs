// The CPU that processes have used, from /proc.

import { readdirSync, readFileSync } from "node:fs";

const ticks = 100; // a second, on every Linux of today

function stat(pid) {
  try {
    const text = readFileSync(`/proc/${pid}/stat`, "utf8");
    const fields = text.slice(text.lastIndexOf(")") + 2).split(" ");
    return { pid, parent: Number(fields[1]), cpu: (Number(fields[11]) + Number(fields[12])) / ticks };
  } catch {
    return undefined; // it has ended
  }
}

/** A process and all that it has started. */
export function processTree(root) {
  const all = readdirSync("/proc")
    .filter((name) => /^\d+$/.test(name))
    .map((name) => stat(Number(name)))
    .filter(Boolean);
  const tree = new Set([root]);
  for (let size = 0; size !== tree.size; ) {
    size = tree.size;
    for (const p of all) if (tree.has(p.parent)) tree.add(p.pid);
  }
  return all.filter((p) => tree.has(p.pid));
}

/** CPU seconds of browser processes, by their kind: browser, renderer, gpu-process … */
export function cpuOf(pids) {
  const sums = {};
  for (const pid of pids) {
    const p = stat(pid);
    if (!p) continue;
    let kind = "ended";
    try {
      kind = readFileSync(`/proc/${pid}/cmdline`, "utf8").match(/--type=([\w-]+)/)?.[1] ?? "browser";
    } catch {
      // between the two reads it has ended
    }
    sums[kind] = (sums[kind] ?? 0) + p.cpu;
  }
  return sums;
}

/** CPU seconds of the threads of renderers, by name; those of one name are added up. */
export function threadsOf(pids) {
  const sums = {};
  for (const pid of pids) {
    try {
      if (!readFileSync(`/proc/${pid}/cmdline`, "utf8").includes("--type=renderer")) continue;
      for (const task of readdirSync(`/proc/${pid}/task`)) {
        const text = readFileSync(`/proc/${pid}/task/${task}/stat`, "utf8");
        const name = text.slice(text.indexOf("(") + 1, text.lastIndexOf(")"));
        const fields = text.slice(text.lastIndexOf(")") + 2).split(" ");
        sums[name] = (sums[name] ?? 0) + (Number(fields[11]) + Number(fields[12])) / ticks;
      }
    } catch {
      // it has ended
    }
  }
  return sums;
}
