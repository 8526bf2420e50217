// A real X display with a window manager and programs on it.
import { execFileSync, spawn } from 'node:child_process';
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

  /** Waits for one of the client's own windows. */
  async ownWindow(kind: 'main' | 'consent' | 'bar' | 'notice', ms = 20_000): Promise<string> {
    return until(`the client's ${kind} window`, () => this.ownWindows(kind).at(-1), ms);
  }

  ownWindows(kind: string): string[] { return this.search('--classname', `^remote-support-${kind}$`); }

  /** Waits for a program's window by its title. */
  async window(title: string, ms = 20_000): Promise<string> {
    return until(`a window titled ${title}`, () => this.search('--name', title).at(-1), ms);
  }

  private search(by: string, pattern: string): string[] {
    try { return this.x('xdotool', 'search', '--onlyvisible', by, pattern).trim().split('\n').filter(Boolean); } catch { return []; }
  }

  /** Where a control of one of the client's own windows is, in the window: x, y, width and height. */
  async control(window: string, name: string): Promise<number[]> {
    return until(`control ${name}`, () => {
      const all = this.x('xprop', '-id', window, '-notype', '_DESKHAND_CONTROLS').replace(/^.*= "/, '').split('\\n');
      return all.map((l) => l.split(' ')).find(([n]) => n === name)?.slice(1).map(Number);
    });
  }

  /** Presses a control of one of the client's own windows with the mouse. */
  async press(window: string, control: string): Promise<void> {
    const [x, y, w, h] = await this.control(window, control);
    this.x('xdotool', 'mousemove', '--window', window, String(x + Math.round(w / 2)), String(y + Math.round(h / 2)), 'click', '1');
  }

  /** Gives the screen another size, smaller than its first one, as a person does with xrandr. */
  resize(width: number, height: number): void {
    const name = `to-${width}x${height}`;
    this.x('xrandr', '--newmode', name, '25', ...[width, width + 16, width + 112, width + 160, height, height + 10, height + 12, height + 45].map(String));
    this.x('xrandr', '--addmode', 'screen', name);
    this.x('xrandr', '--output', 'screen', '--mode', name);
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
    if (!this.server.running) return;
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
