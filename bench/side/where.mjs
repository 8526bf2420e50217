// Where the time goes while ours shows a workload: CPU by thread of client, server, browser and X server, and the functions of the viewer's worker and
// page. With PERF=1 (package linux-perf, binaries built without -s -w) also those of client and server.
//   node where.mjs [WORKLOAD…]
import { execFileSync, spawn } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { browse, HARNESS, lib } from './page.mjs';

const { sleep, Ctx, tree } = lib;
const SECONDS = 6;
const workloads = process.argv.length > 2 ? process.argv.slice(2) : ['scroll', 'video'];
const deskhand = (await import(path.join(HARNESS, 'adapters/deskhand.mjs'))).default;

/** CPU ticks (10 ms) of each thread of some processes, by process and name. */
function threads(roots) {
  const sum = {};
  for (const { pid } of tree(roots)) {
    try {
      const kind = fs.readFileSync(`/proc/${pid}/cmdline`, 'utf8').match(/--type=([a-z-]+)/)?.[1] ?? path.basename(fs.readlinkSync(`/proc/${pid}/exe`));
      for (const t of fs.readdirSync(`/proc/${pid}/task`)) {
        const stat = fs.readFileSync(`/proc/${pid}/task/${t}/stat`, 'utf8');
        const f = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
        const name = `${kind} ${stat.slice(stat.indexOf('(') + 1, stat.lastIndexOf(')')).replace(/\d+$/, '')}`;
        sum[name] = (sum[name] ?? 0) + Number(f[11]) + Number(f[12]);
      }
    } catch { /* it has ended */ }
  }
  return sum;
}

/** The V8 profiler in the page and in its workers. */
async function profiler(page) {
  const cdp = await page.context().newCDPSession(page);
  const sessions = [];
  const waiting = new Map();
  let n = 0;
  cdp.on('Target.attachedToTarget', (e) => sessions.push(e.sessionId));
  cdp.on('Target.receivedMessageFromTarget', (e) => { const m = JSON.parse(e.message); waiting.get(m.id)?.(m.result); });
  await cdp.send('Target.setAutoAttach', { autoAttach: true, waitForDebuggerOnStart: false, flatten: false });
  await sleep(500);
  const ask = (sessionId, method) => new Promise((resolve) => {
    waiting.set(++n, resolve);
    cdp.send('Target.sendMessageToTarget', { sessionId, message: JSON.stringify({ id: n, method }) }).catch(() => resolve(null));
    setTimeout(() => resolve(null), 5000);
  });
  await cdp.send('Profiler.enable');
  for (const s of sessions) await ask(s, 'Profiler.enable');
  return {
    async start() { await cdp.send('Profiler.start'); for (const s of sessions) await ask(s, 'Profiler.start'); },
    async stop() {
      const all = [['page', await cdp.send('Profiler.stop')]];
      for (const s of sessions) all.push(['worker', await ask(s, 'Profiler.stop')]);
      return all.filter(([, r]) => r?.profile);
    },
  };
}

/** The functions of a profile by their own time, ms per second. */
function functions({ profile }) {
  const own = new Map();
  const by = new Map(profile.nodes.map((node) => [node.id, node]));
  profile.samples.forEach((id, i) => {
    const { functionName, url, lineNumber } = by.get(id).callFrame;
    if (functionName === '(idle)') return;
    const name = `${functionName || 'anonymous'} ${path.basename(url).slice(0, 30)}${url ? `:${lineNumber + 1}` : ''}`;
    own.set(name, (own.get(name) ?? 0) + (profile.timeDeltas[i + 1] ?? 0) / 1000);
  });
  const sec = (profile.endTime - profile.startTime) / 1e6;
  return [...own].map(([name, ms]) => [name, ms / sec]).sort((a, b) => b[1] - a[1]);
}

const list = (rows, unit, least) => { for (const [name, v] of rows) if (v >= least) console.log(`  ${v.toFixed(1).padStart(6)} ${unit}  ${name}`); };

const ctx = new Ctx('deskhand-where');
let browser;
try {
  await deskhand.start(ctx);
  browser = await browse(deskhand.source);
  await deskhand.open(ctx, browser.page);
  await sleep(2500);
  await browser.page.evaluate(() => { window.__look.mode = 'off'; });
  const prof = await profiler(browser.page);
  const groups = { client: ctx.pids('host'), server: ctx.pids('server'), browser: browser.pids, 'X server': [Number(fs.readFileSync(path.join(lib.RUN, 'xvfb.pid'), 'utf8'))] };
  for (const w of workloads) {
    await fetch(`http://127.0.0.1:5950/run?w=${w}`);
    await sleep(2000);
    const before = Object.fromEntries(Object.entries(groups).map(([k, pids]) => [k, threads(pids)]));
    await sleep(SECONDS * 1000);
    for (const [k, pids] of Object.entries(groups)) {
      const rows = Object.entries(threads(pids)).map(([name, t]) => [name, (t - (before[k][name] ?? 0)) / SECONDS]).sort((a, b) => b[1] - a[1]);
      console.log(`${w}, ${k}: ${rows.reduce((s, [, v]) => s + v, 0).toFixed(1)} % of a core`);
      list(rows, '%', 0.3);
    }
    await prof.start();
    await sleep(SECONDS * 1000);
    for (const [where, p] of await prof.stop()) { console.log(`${w}, functions of the ${where} (ms per second, own time; the profiler adds some)`); list(functions(p).slice(0, 12), 'ms', 0.3); }
    if (process.env.PERF) for (const k of ['client', 'server']) {
      const data = path.join(ctx.dir, `${k}.perf`);
      await new Promise((r) => spawn('perf', ['record', '-q', '-e', 'cpu-clock', '-F', '499', '-o', data, '-p', tree(groups[k]).map((p) => p.pid).join(), '--', 'sleep', String(SECONDS)], { stdio: 'ignore' }).on('exit', r));
      console.log(`${w}, functions of the ${k}`);
      console.log(execFileSync('perf', ['report', '-i', data, '--stdio', '--no-children', '--percent-limit', '1', '-F', 'overhead,comm,sym'], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }).split('\n').filter((l) => /^\s+\d/.test(l)).slice(0, 20).join('\n'));
    }
  }
} finally {
  await fetch('http://127.0.0.1:5950/run?w=idle').catch(() => {});
  await browser?.close();
  await deskhand.stop?.(ctx);
  await ctx.stopAll();
}
