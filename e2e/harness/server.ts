// The real server on a port of its own, with one agent.
import { execFileSync, spawnSync } from 'node:child_process';
import fs from 'node:fs';
import net from 'node:net';
import os from 'node:os';
import path from 'node:path';
import { BIN, Process } from './process.ts';

export const AGENT = { userName: 'rodney', name: 'Rodney Example', password: 'Correct-horse-9-battery' };

export async function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const s = net.createServer().listen(0, '127.0.0.1', () => {
      const { port } = s.address() as net.AddressInfo;
      s.close(() => resolve(port));
    }).on('error', reject);
  });
}

export class Server {
  process!: Process;
  private constructor(readonly port: number, readonly data: string, private readonly args: string[]) {}

  get url(): string { return `http://localhost:${this.port}`; }

  /** Starts a server; args are more flags of "deskhand serve". */
  static async start(...args: string[]): Promise<Server> {
    const s = new Server(await freePort(), fs.mkdtempSync(path.join(os.tmpdir(), 'deskhand-data-')), args);
    s.addAgent(AGENT.userName, AGENT.name, 'agent', AGENT.password);
    await s.up();
    return s;
  }

  addAgent(userName: string, name: string, role: string, password: string): void {
    execFileSync(path.join(BIN, 'deskhand'), ['agent', 'add', userName, '--name', name, '--email', `${userName}@example.com`, '--role', role, '--password-stdin', '--data', this.data], { input: `${password}\n` });
  }

  async up(): Promise<void> {
    this.process = Process.start(path.join(BIN, 'deskhand'), ['serve', '--data', this.data, '--listen', `127.0.0.1:${this.port}`, '--public-url', this.url, ...this.args]);
    await this.process.line(/^ready (\S+)$/m);
  }

  /** Starts a server that is expected to refuse, and gives its exit code and what it says on standard error. */
  static refused(...args: string[]): { status: number | null; stderr: string } {
    return spawnSync(path.join(BIN, 'deskhand'), ['serve', ...args], { encoding: 'utf8', timeout: 15_000 });
  }

  /** Changes the data behind the server's back, for what would take too long to wait for. */
  sql(statement: string): string {
    return execFileSync('sqlite3', ['-bail', '-cmd', '.timeout 5000', path.join(this.data, 'deskhand.db')], { encoding: 'utf8', input: statement });
  }

  async stop(): Promise<void> {
    await this.process.stop();
    fs.rmSync(this.data, { recursive: true, force: true });
  }
}
