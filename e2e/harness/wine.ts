// A Windows with a screen of its own, as far as Wine is one (internal/wine), and the client on it.
import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { Desktop } from './desktop.ts';
import { BIN, Process, ROOT } from './process.ts';
import { AGENT, type Server } from './server.ts';

/** A shelf with the client for Windows as an operator gives it out: bound to a server and signed. */
export class SignedShelf {
  readonly dir = fs.mkdtempSync(path.join(os.tmpdir(), 'deskhand-clients-'));
  private readonly program = path.join(this.dir, 'windows-amd64', 'RemoteSupport.exe');

  private run(command: string, ...args: string[]): string { return execFileSync(command, args, { cwd: this.dir, encoding: 'utf8', stdio: 'pipe' }); }

  /** Binds the client to a server and signs it, with a certificate of its own. */
  sign(server: string): void {
    fs.mkdirSync(path.dirname(this.program));
    fs.copyFileSync(path.join(ROOT, 'dist/clients/windows-amd64/RemoteSupport.exe'), this.program);
    this.run('openssl', 'req', '-x509', '-newkey', 'rsa:2048', '-nodes', '-keyout', 'key.pem', '-out', 'cert.pem', '-days', '2', '-subj', '/CN=Tests', '-addext', 'extendedKeyUsage=codeSigning');
    this.run(path.join(BIN, 'deskhand'), 'release', 'bind', '--server', server, this.program);
    this.run('osslsigncode', 'sign', '-certs', 'cert.pem', '-key', 'key.pem', '-in', this.program, '-out', `${this.program}.signed`);
    fs.renameSync(`${this.program}.signed`, this.program);
  }

  /** What osslsigncode says of a file's signature; it throws when that is wrong. */
  verify(file: string): string { return this.run('osslsigncode', 'verify', '-CAfile', 'cert.pem', '-in', file); }

  remove(): void { fs.rmSync(this.dir, { recursive: true, force: true }); }
}

export class Windows {
  private programs: Process[] = [];
  private constructor(readonly desktop: Desktop, private readonly prefix: string) {}

  static async start(size?: string): Promise<Windows> {
    const desktop = await Desktop.start(size);
    const w = new Windows(desktop, path.join(desktop.home, 'wine'));
    w.output('cmd', ['/c', 'ver'], '', 80_000); // the first time on this machine it is installed
    w.run('ping', ['-n', '3600', '127.0.0.1']); // without any program Wine goes, and its services with it
    return w;
  }

  private words(program: string, args: string[]): string[] { return ['-prefix', this.prefix, '-display', this.desktop.display, program, ...args]; }

  // The user's own directory holds Wine's first machine, which all others are copies of.
  private get env(): NodeJS.ProcessEnv { return { ...process.env, XAUTHORITY: '', LC_ALL: 'C.UTF-8', LANG: 'C.UTF-8' }; }

  /** Where a file of drive C: is here. */
  path(...parts: string[]): string { return path.join(this.prefix, 'drive_c', ...parts); }

  /** Starts a program, by its path here or there. */
  run(program: string, args: string[] = []): Process {
    const p = Process.start(path.join(BIN, 'winexec'), this.words(program, args), { env: this.env, cwd: this.desktop.home });
    this.programs.push(p);
    return p;
  }

  /** Runs a program to its end and gives its output. */
  output(program: string, args: string[] = [], input = '', timeout = 40_000): string {
    return execFileSync(path.join(BIN, 'winexec'), this.words(program, args), { env: this.env, cwd: this.desktop.home, encoding: 'utf8', input, timeout });
  }

  /** Puts a shell where PowerShell stands, which is cmd as it works in Wine's pseudo-consoles: there it must read the console by its name. */
  addShell(): void {
    const program = this.path('Program Files', 'PowerShell', '7', 'pwsh.exe');
    fs.mkdirSync(path.dirname(program), { recursive: true });
    execFileSync('x86_64-w64-mingw32-gcc', ['-x', 'c', '-', '-o', program], { input: '#include <stdlib.h>\nint main(void) { return system("cmd.exe <CON >CON"); }\n' });
  }

  /** Downloads the client of the agent's link under the name that the server gives it. */
  async download(server: Server, ticket: string, name: string): Promise<string> {
    const query = new URLSearchParams({ platform: 'windows-amd64', ticket, name });
    return this.keep(await fetch(`${server.url}/join/${AGENT.userName}/download?${query}`));
  }

  /** Downloads the client that belongs to nobody's link. */
  async plain(server: Server): Promise<string> { return this.keep(await fetch(`${server.url}/download/file?platform=windows-amd64`)); }

  private async keep(response: Response): Promise<string> {
    const file = response.headers.get('content-disposition')?.match(/filename="?([^"]+\.exe)/)?.[1];
    if (!response.ok || !file) throw new Error(`the download answers ${response.status}, ${file}`);
    const to = this.path('downloads', file);
    fs.mkdirSync(path.dirname(to), { recursive: true });
    fs.writeFileSync(to, Buffer.from(await response.arrayBuffer()));
    return to;
  }

  async stop(): Promise<void> {
    for (const p of this.programs.reverse()) await p.stop();
    try { execFileSync('wineserver', ['--kill'], { env: { ...this.env, WINEPREFIX: this.prefix }, stdio: 'ignore', timeout: 20_000 }); } catch { /* nothing runs any more */ }
    await this.desktop.stop();
  }
}
