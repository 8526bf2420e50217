// The browser and the stage that the measurements beside the harness share. HARNESS_DIR is the harness's copy, STAGE the program bench/stage.
import { spawn } from 'node:child_process';
import fs from 'node:fs';
import { createRequire } from 'node:module';
import os from 'node:os';
import path from 'node:path';

export const HARNESS = process.env.HARNESS_DIR;
export const lib = await import(path.join(HARNESS, 'lib.mjs'));
const { chromium } = createRequire(path.join(HARNESS, 'node/package.json'))('playwright-core');
const HERE = import.meta.dirname;

/** A browser of its own, as the harness starts it, whose pages are probed. get is the expression for the product's canvas. */
export async function browse(get, extra = [], viewport = { width: 1920, height: 1080 }) {
  const profile = fs.mkdtempSync(path.join(os.tmpdir(), 'bench-chromium-'));
  const before = new Set(lib.tree([process.pid]).map((p) => p.pid));
  const context = await chromium.launchPersistentContext(profile, {
    executablePath: '/usr/bin/chromium', headless: true, viewport, ignoreHTTPSErrors: true, bypassCSP: true,
    args: ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking', '--disable-component-update', '--disable-sync',
      '--autoplay-policy=no-user-gesture-required', '--disable-features=WebRtcHideLocalIpsWithMdns', ...extra],
  });
  await context.addInitScript({ path: path.join(HARNESS, 'probe.js') });
  await context.addInitScript(`window.__probe.get = () => (${get});`);
  await context.addInitScript({ path: path.join(HERE, 'page.js') });
  return {
    context,
    page: context.pages()[0] ?? (await context.newPage()),
    pids: lib.tree([process.pid]).filter((p) => p.ppid === process.pid && !before.has(p.pid)).map((p) => p.pid),
    async close() { await context.close().catch(() => {}); fs.rmSync(profile, { recursive: true, force: true }); },
  };
}

/** The stage on a display: url of its HTTP, and what reads the screen past the product. */
export async function startStage(env) {
  const p = spawn(process.env.STAGE, [], { env: { ...process.env, ...env }, stdio: ['ignore', 'pipe', 'inherit'] });
  const url = await new Promise((resolve, reject) => {
    let said = '';
    p.stdout.on('data', (d) => { said += d; const m = said.match(/ready (\S+)/); if (m) resolve(m[1]); });
    p.on('exit', (code) => reject(new Error(`the stage ended with ${code}`)));
  });
  return {
    pid: p.pid, url,
    get: async (what) => { const r = await fetch(url + what); if (!r.ok) throw new Error(`${what}: ${await r.text()}`); return r; },
    stats: async () => (await fetch(`${url}/stats`)).json(),
    shot: async (rect = '') => Buffer.from(await (await fetch(`${url}/shot?rect=${rect}`)).arrayBuffer()),
    watch: async (rect, seconds) => { await fetch(`${url}/watch?rect=${rect}&seconds=${seconds}`); },
    compare: async (hole, body) => (await fetch(`${url}/compare?hole=${hole}`, { method: 'POST', body })).json(),
    stop() { p.removeAllListeners('exit'); p.kill(); },
  };
}

/** The hashes that page.js computes, of R, G, B, 255 pixels of a screen of w×h. */
export function hash(rgba, w, h) {
  const px = new Uint32Array(rgba.buffer, rgba.byteOffset, rgba.length / 4);
  const cols = Math.ceil(w / 64);
  const tiles = new Uint32Array(cols * Math.ceil(h / 64)).fill(0x811c9dc5);
  for (let y = 0, i = 0; y < h; y++) for (let x = 0; x < w; x++, i++) {
    const t = (y >> 6) * cols + (x >> 6);
    tiles[t] = Math.imul(tiles[t] ^ (px[i] & 0xffffff), 0x01000193);
  }
  return Array.from(tiles);
}

/** page.js's grid of 96×54 points, of a screen of w×h. */
export function grid(rgba, w, h) {
  const colors = [];
  for (let j = 0; j < 54; j++) for (let i = 0; i < 96; i++) {
    const o = (Math.floor(((j + 0.5) * h) / 54) * w + Math.floor(((i + 0.5) * w) / 96)) * 4;
    colors.push(rgba[o] | (rgba[o + 1] << 8) | (rgba[o + 2] << 16));
  }
  return colors;
}

/** The share of two grids' points that look alike; lossy pictures may be 40 of 255 off. */
export function alike(a, b) {
  let n = 0;
  for (let i = 0; i < a.length; i++) {
    const off = Math.max(...[0, 8, 16].map((s) => Math.abs(((a[i] >> s) & 255) - ((b[i] >> s) & 255))));
    if (off <= 40) n++;
  }
  return n / a.length;
}
