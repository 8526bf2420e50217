// The end-user's client on a desktop, and what the end-user does with its windows.
import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import type { Desktop } from './desktop.ts';
import { BIN, type Process, sleep } from './process.ts';
import { AGENT, type Server } from './server.ts';

/** Unpacks the downloaded archive as the end-user would and starts what is in it. */
export function startDownloaded(desktop: Desktop, archive: string, args: string[] = []): Process {
  const dir = fs.mkdtempSync(path.join(desktop.home, 'download-'));
  execFileSync('tar', ['-xzf', archive, '-C', dir]);
  const [program] = fs.readdirSync(dir, { recursive: true, encoding: 'utf8' }).filter((f) => path.basename(f).startsWith('RemoteSupport'));
  return desktop.run(path.join(dir, program), args);
}

/** Downloads the client of the agent's link, as the line for a terminal does, and starts it. */
export async function startFromLink(desktop: Desktop, server: Server, ticket: string, name: string, args: string[] = []): Promise<Process> {
  const query = new URLSearchParams({ platform: 'linux-x86_64', ticket, name });
  const response = await fetch(`${server.url}/join/${AGENT.userName}/download?${query}`);
  if (!response.ok) throw new Error(`the download answers ${response.status}`);
  const archive = path.join(desktop.home, 'client.tar.gz');
  fs.writeFileSync(archive, Buffer.from(await response.arrayBuffer()));
  return startDownloaded(desktop, archive, args);
}

/** Starts the client by hand, as one does who was given a connection ID. */
export function startByHand(desktop: Desktop, server: Server): Process {
  return desktop.run(path.join(BIN, 'RemoteSupport'), ['--relayurl', 'localhost', '--relayport', String(server.port)]);
}

/** Answers the question with the mouse, once input counts. */
export async function answer(desktop: Desktop, choice: 'control' | 'view' | 'allow' | 'deny'): Promise<void> {
  const consent = await desktop.ownWindow('consent');
  await sleep(1200); // input does not count during the first second of a question
  await desktop.press(consent, choice);
}

/** Enrols the desktop as an unattended computer and starts the client for it, by a command that runs others when there is one. */
export function startUnattended(desktop: Desktop, server: Server, by: string[] = []): Process {
  const state = path.join(desktop.home, 'computer');
  const passwordFile = path.join(desktop.home, 'password');
  fs.writeFileSync(passwordFile, `${AGENT.password}\n`, { mode: 0o600 });
  execFileSync(path.join(BIN, 'RemoteSupport'), ['/createcomputer', '/username', AGENT.userName, '/passwordfile', passwordFile, '/relayurl', 'localhost', '/relayport', String(server.port), '--state', state, '--noservice'], { env: desktop.env });
  const [program, ...args] = [...by, path.join(BIN, 'RemoteSupport'), 'unattended', '--state', state];
  return desktop.run(program, args);
}
