// The end-user's client on a desktop, and what the end-user does with its windows.
import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import type { Desktop } from './desktop.ts';
import { BIN, type Process } from './process.ts';
import { AGENT, type Server } from './server.ts';

/** Unpacks the downloaded archive as the end-user would and starts what is in it. */
export function startDownloaded(desktop: Desktop, archive: string): Process {
  const dir = fs.mkdtempSync(path.join(desktop.home, 'download-'));
  execFileSync('tar', ['-xzf', archive, '-C', dir]);
  const [program] = fs.readdirSync(dir, { recursive: true, encoding: 'utf8' }).filter((f) => path.basename(f).startsWith('RemoteSupport'));
  return desktop.run(path.join(dir, program));
}

/** Enrols the desktop as an unattended computer and starts the client for it. */
export function startUnattended(desktop: Desktop, server: Server): Process {
  const state = path.join(desktop.home, 'computer');
  const passwordFile = path.join(desktop.home, 'password');
  fs.writeFileSync(passwordFile, `${AGENT.password}\n`, { mode: 0o600 });
  execFileSync(path.join(BIN, 'RemoteSupport'), ['/createcomputer', '/username', AGENT.userName, '/passwordfile', passwordFile, '/relayurl', 'localhost', '/relayport', String(server.port), '--state', state], { env: desktop.env });
  return desktop.run(path.join(BIN, 'RemoteSupport'), ['unattended', '--state', state]);
}
