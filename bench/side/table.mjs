// Makes one table of what was measured: ours, the goal, and each peer with how many times its value ours is.
//   node table.mjs RAW_DIR TABLE.json
import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';

const [raw, to] = process.argv.slice(2);
const read = (f) => { try { return JSON.parse(fs.readFileSync(path.join(raw, f))); } catch { return null; } };
const products = fs.readdirSync(raw).filter((f) => /^[^.]+\.json$/.test(f) && f !== 'own.json').map((f) => f.slice(0, -5));
const rank = ['deskhand', 'meshcentral', 'x0vnc', 'x11vnc', 'xpra'];
products.sort((a, b) => (rank.indexOf(a) + 99) % 99 - (rank.indexOf(b) + 99) % 99);
const all = Object.fromEntries(products.map((p) => [p, { ...read(`${p}.json`), beside: read(`${p}.beside.json`) }]));
const round = (x, d = 1) => (x == null || Number.isNaN(x) ? null : Math.round(x * 10 ** d) / 10 ** d);
const load = (w, f) => (p) => { const m = p.workloads?.[w]; return m ? f(m) : null; };
const bytes = (w) => load(w, (m) => m.kbytes_s?.view);
const host = (w) => load(w, (m) => m.cpu && m.cpu.host + m.cpu.xserver);
const exact = (p) => { const e = Object.values(p.beside?.exact ?? {}); return e.length ? (e.includes(null) ? Infinity : Math.max(...e)) : null; };

/** At most, or at least, a number; or a share of what a peer has in this run. */
const atMost = (n, slack = 0) => ({ text: `≤ ${n}`, met: (v) => v <= n + slack });
const atLeast = (n) => ({ text: `≥ ${n}`, met: (v) => v >= n });
const peer = 'x0vnc';
const share = (k) => ({ k, text: String(k) });
/** What depends on how fast the machine is: the goal's share of what the peer had where the goal was set. */
const scaled = (goal, then, slack = 0) => ({ k: goal / then, text: `${goal}⁄${then}`, slack });

// name, unit, goal, value of a product; slack is for figures whose goal has no digit after the point.
const rows = [
  ['key → pixel, p50', 'ms', share(0.75), load('latency', (m) => m.p50)],
  ['key → pixel, p95', 'ms', share(0.75), load('latency', (m) => m.p95)],
  ['key → pixel while video plays, p50', 'ms', share(0.6), load('videolat', (m) => m.p50)],
  ['key → pixel while video plays, p95', 'ms', share(0.6), load('videolat', (m) => m.p95)],
  ['scroll: frames of 20', '/s', atLeast(19.5), load('scroll', (m) => m.fps)],
  ['scroll: whole frames', '/s', atLeast(19.5), load('scroll', (m) => m.full_fps)],
  ['scroll: age, p50', 'ms', null, load('scroll', (m) => m.age_p50)],
  ['scroll: age of whole frames, p50', 'ms', null, load('scroll', (m) => m.full_age_p50)],
  ['scroll: bytes', 'kB/s', atMost(150), bytes('scroll')],
  ['scroll: PSNR while it scrolls (99: the same)', 'dB', atLeast(99), (p) => p.beside?.psnr?.scroll?.min],
  ['video: frames of 30', '/s', atLeast(29.5), load('video', (m) => m.fps)],
  ['video: whole frames', '/s', atLeast(29.5), load('video', (m) => m.full_fps)],
  ['video: age, p50', 'ms', atMost(40), load('video', (m) => m.age_p50)],
  ['video: age of whole frames, p50', 'ms', atMost(40), load('video', (m) => m.full_age_p50)],
  ['video: bytes', 'kB/s', atMost(400), bytes('video')],
  ['video: PSNR of luma while it plays, p50', 'dB', atLeast(38), (p) => p.beside?.psnr?.video?.luma],
  ['video: PSNR of R, G, B while it plays, p50', 'dB', atLeast(38), (p) => p.beside?.psnr?.video?.p50],
  ['video: the same of a perfect codec with 4:2:0 colour', 'dB', null, (p) => p.beside?.psnr?.video?.halfColor],
  ['typing: bytes', 'kB/s', atMost(1.3), bytes('typing')],
  ['at rest: PSNR after 3 s (99: the same)', 'dB', atLeast(99), load('rest', (m) => m.all?.psnr_db)],
  ['the same to the pixel after the last change', 'ms', atMost(500), exact],
  ['CPU of client and X server, idle', '% of a core', atMost(0, 0.5), host('idle')],
  ['CPU of client and X server, typing', '% of a core', scaled(1, 2, 0.5), host('typing')],
  ['CPU of client and X server, scroll', '% of a core', scaled(12, 20, 0.5), host('scroll')],
  ['CPU of client and X server, video', '% of a core', scaled(25, 26, 0.5), host('video')],
  ['CPU of server or gateway, scroll', '% of a core', null, load('scroll', (m) => m.cpu?.server)],
  ['CPU of browser, scroll', '% of a core', scaled(40, 105, 0.5), load('scroll', (m) => m.cpu?.browser)],
  ['CPU of browser, video', '% of a core', scaled(50, 102, 0.5), load('video', (m) => m.cpu?.browser)],
  ['Connect → whole picture', 'ms', scaled(300, 884), (p) => p.beside?.connect?.ms],
  ['CPU that other programs used meanwhile, most', '% of a core', null, (p) => Math.max(0, ...Object.values(p.workloads ?? {}).map((m) => m.cpu_others ?? 0))],
];

/** A goal's text and whether ours meets it. */
function judge(goal, values) {
  if (!goal) return { goal: '', met: null };
  const ours = values.deskhand;
  if (goal.met) return { goal: goal.text, met: ours == null ? null : goal.met(ours) };
  const base = values[peer];
  const limit = base == null ? null : round(goal.k * base);
  return { goal: `≤ ${goal.text} × ${peer}${limit == null ? '' : ` = ${limit}`}`, met: ours == null || limit == null ? null : ours <= limit + (goal.slack ?? 0) };
}

const table = rows.map(([name, unit, goal, value]) => {
  const values = Object.fromEntries(products.map((p) => [p, round(value(all[p]), 2) ?? null]));
  return { name, unit, ...judge(goal, values), values, ratio: Object.fromEntries(products.slice(1).map((p) => [p, values[p] && Number.isFinite(values[p]) && Number.isFinite(values.deskhand) ? round(values.deskhand / values[p], 2) : null])) };
});

// What only ours was measured for.
const own = read('own.json');
const alone = own?.rows ?? [];
const pressed = own?.rows ? own.rows.map((r) => ({ ...r, met: r.value == null || r.most == null ? null : r.value <= r.most })) : [];

const show = (v) => (v === Infinity ? 'never' : v == null ? '–' : String(round(v)));
const mark = (met) => (met === true ? 'met' : met === false ? 'MISSED' : '');
const lines = [
  ['', 'goal', 'ours', '', ...products.slice(1).map((p) => `${p} (ours ×)`)],
  ...table.map((r) => [`${r.name}, ${r.unit}`, r.goal, show(r.values.deskhand), mark(r.met), ...products.slice(1).map((p) => `${show(r.values[p])}${r.ratio[p] == null ? '' : ` (${r.ratio[p]})`}`)]),
];
const print = (lines) => {
  const width = lines[0].map((_, i) => Math.max(...lines.map((l) => l[i].length)));
  for (const [i, l] of lines.entries()) {
    console.log(`| ${l.map((c, k) => (k ? c.padStart(width[k]) : c.padEnd(width[k]))).join(' | ')} |`);
    if (!i) console.log(`|${width.map((w, k) => (k ? `${'-'.repeat(w + 1)}:` : '-'.repeat(w + 2))).join('|')}|`);
  }
  console.log('');
};

const out = (...command) => { try { return execFileSync(command[0], command.slice(1), { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }).trim().split('\n')[0]; } catch { return null; } };
const machine = { cpu: os.cpus()[0].model, cores: os.cpus().length, kernel: os.release(), chromium: out('chromium', '--version'), version: out('git', 'describe', '--tags', '--always', '--dirty'), load: os.loadavg().map((l) => round(l, 2)), when: new Date().toISOString() };
console.log(`${machine.when.slice(0, 16)} · ${machine.cores} × ${machine.cpu} · Linux ${machine.kernel} · ${machine.chromium} · ${machine.version} · load ${machine.load.join(' ')}\n`);
print(lines);
if (alone.length) print([['ours alone', 'goal', 'ours', ''], ...pressed.map((r) => [`${r.name}, ${r.unit}`, r.most == null ? '' : `≤ ${round(r.most)}`, show(r.value), mark(r.met)])]);
const missed = [...table, ...pressed].filter((r) => r.met === false).map((r) => r.name);
console.log(missed.length ? `${missed.length} goals missed: ${missed.join('; ')}` : 'no goal missed');
for (const p of products) if (all[p].error || all[p].beside?.error) console.log(`${p}: ${(all[p].error ?? all[p].beside.error).split('\n')[0]}`);
fs.writeFileSync(to, JSON.stringify({ machine, products: Object.fromEntries(products.map((p) => [p, { title: all[p].title, config: all[p].config }])), rows: table, own: pressed }, null, 1));
