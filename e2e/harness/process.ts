// Processes of a test: started with their output kept, ended by their own pid.
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';

export const ROOT = path.resolve(import.meta.dirname, '../..');
export const BIN = path.join(ROOT, 'bin');

export const sleep = (ms: number) => new Promise((r) => setTimeout(r, ms));

/** Polls until f gives something truthy; throws with what it waited for. */
export async function until<T>(what: string, f: () => T | Promise<T>, ms = 15_000): Promise<NonNullable<T>> {
  for (const end = Date.now() + ms; ; await sleep(50)) {
    const got = await f();
    if (got) return got as NonNullable<T>;
    if (Date.now() > end) throw new Error(`waited ${ms} ms in vain: ${what}`);
  }
}

export class Process {
  output = '';
  private constructor(readonly name: string, readonly child: ChildProcess) {
    child.stdout?.on('data', (d) => { this.output += d; });
    child.stderr?.on('data', (d) => { this.output += d; });
  }

  static start(command: string, args: string[] = [], opts: { env?: NodeJS.ProcessEnv; cwd?: string } = {}): Process {
    const child = spawn(command, args, { stdio: ['ignore', 'pipe', 'pipe'], env: { ...process.env, ...opts.env }, cwd: opts.cwd });
    const p = new Process(path.basename(command), child);
    child.on('error', (e) => { p.output += String(e); });
    return p;
  }

  get pid(): number { return this.child.pid ?? 0; }
  get running(): boolean { return this.child.exitCode === null && this.child.signalCode === null && this.pid > 0; }

  /** Waits for a line of the output. */
  async line(pattern: RegExp, ms = 20_000): Promise<RegExpMatchArray> {
    return until(`${this.name} to print ${pattern}`, () => {
      const m = this.output.match(pattern);
      if (!m && !this.running) throw new Error(`${this.name} ended with ${this.child.exitCode}: ${this.output}`);
      return m;
    }, ms);
  }

  async stop(signal: NodeJS.Signals = 'SIGTERM', ms = 10_000): Promise<number | null> {
    if (this.running) {
      const ended = once(this.child, 'exit');
      this.child.kill(signal);
      const late = setTimeout(() => this.child.kill('SIGKILL'), ms);
      await ended;
      clearTimeout(late);
    }
    return this.child.exitCode;
  }

  async ended(ms = 20_000): Promise<number | null> {
    await until(`${this.name} to end`, () => !this.running, ms);
    return this.child.exitCode;
  }
}
