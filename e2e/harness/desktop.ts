// A real X display with a window manager and programs on it.
import { execFileSync } from 'node:child_process';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { Process, until } from './process.ts';

export class Desktop {
  private programs: Process[] = [];
  private constructor(readonly display: string, private readonly server: Process, readonly home: string) {}

  static async start(size = '1280x800'): Promise<Desktop> {
    const child = spawn('Xvfb', ['-displayfd', '3', '-screen', '0', `${size}x24`, '-nolisten', 'tcp', '-ac', '-noreset'], { stdio: ['ignore', 'ignore', 'ignore', 'pipe'] });
    const [number] = await once(child.stdio[3] as NodeJS.ReadableStream, 'data');
    const display = `:${String(number).trim()}`;
    const server = Object.assign(Object.create(Process.prototype), { name: 'Xvfb', child, output: '' }) as Process;
    const home = fs.mkdtempSync(path.join(os.tmpdir(), 'deskhand-desktop-'));
    const d = new Desktop(display, server, home);
    d.run('openbox');
    await until('the window manager', () => { try { return d.x('xprop', '-root', '_NET_SUPPORTING_WM_CHECK').includes('window id'); } catch { return false; } });
    return d;
  }

  get env(): NodeJS.ProcessEnv {
    return { ...process.env, DISPLAY: this.display, XAUTHORITY: '', HOME: this.home, XDG_STATE_HOME: path.join(this.home, 'state'), XDG_CONFIG_HOME: path.join(this.home, 'config'),
      LC_ALL: 'C.UTF-8', LANG: 'C.UTF-8', LANGUAGE: '', NO_AT_BRIDGE: '1', GTK_USE_PORTAL: '0', DBUS_SESSION_BUS_ADDRESS: 'disabled:' };
  }

  /** Starts a program on the display. */
  run(command: string, args: string[] = [], env: NodeJS.ProcessEnv = {}): Process {
    const p = Process.start(command, args, { env: { ...this.env, ...env }, cwd: this.home });
    this.programs.push(p);
    return p;
  }

  /** Runs an X tool to its end and gives its output. */
  x(command: string, ...args: string[]): string {
    return execFileSync(command, args, { env: this.env, encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'], timeout: 20_000 });
  }

  /** The id of the visible window whose title matches. */
  async window(title: string, ms = 15_000): Promise<string> {
    return until(`a window titled ${title}`, () => this.windows(title).at(-1), ms);
  }

  windows(title: string): string[] {
    try { return this.x('xdotool', 'search', '--onlyvisible', '--name', title).trim().split('\n').filter(Boolean); } catch { return []; }
  }

  key(...keys: string[]): void { this.x('xdotool', 'key', '--clearmodifiers', ...keys); }

  click(x: number, y: number): void { this.x('xdotool', 'mousemove', String(x), String(y), 'click', '1'); }

  /** The whole screen as raw RGBA, taken by an X tool and not by our client. */
  pixels(): { width: number; height: number; rgba: Buffer } {
    const [, width, height] = this.x('xdpyinfo').match(/dimensions:\s+(\d+)x(\d+)/)!.map(Number);
    const rgba = execFileSync('import', ['-silent', '-window', 'root', '-depth', '8', 'rgba:-'], { env: this.env, maxBuffer: 1 << 28 });
    return { width, height, rgba };
  }

  screenshot(file: string, window = 'root'): void {
    fs.mkdirSync(path.dirname(file), { recursive: true });
    this.x('import', '-silent', '-window', window, file);
  }

  /** Ends the X server as a power cut would. */
  async cut(): Promise<void> { await this.server.stop('SIGKILL'); }

  async stop(): Promise<void> {
    for (const p of this.programs.reverse()) await p.stop();
    await this.server.stop();
    fs.rmSync(this.home, { recursive: true, force: true });
  }
}
