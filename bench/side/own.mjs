// Measures ours where no peer is compared: on slow lines, with a second viewer, on a 4K display and on two displays.
//   node own.mjs -o results.json [-r REPEATS] [-s SECONDS] [-n PRESSES]      ONLY=press,lines,second,slowed,large in the environment for some
import { execFileSync, spawn } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { browse, HARNESS, lib, startStage } from './page.mjs';

const { sleep, round, pct, Ctx, cpuSnap, cpuDiff } = lib;
const args = process.argv.slice(2);
const option = (k, d) => { const i = args.indexOf(k); return i < 0 ? d : args[i + 1]; };
const seconds = Number(option('-s', 6));
const only = process.env.ONLY?.split(',');
const deskhand = (await import(path.join(HARNESS, 'adapters/deskhand.mjs'))).default;
const workload = (what) => fetch(`http://127.0.0.1:5950${what}`);
const rows = [];
const row = (name, unit, value, most = null) => { rows.push({ name, unit, value: round(value, 2), most }); console.log(name, round(value, 2), unit, most == null ? '' : `(at most ${most})`); };

/** CPU of a group of processes over a time, % of a core. */
async function cpu(pids, ms) {
  const before = cpuSnap(pids);
  const t = Date.now();
  await sleep(ms);
  return (cpuDiff(before, cpuSnap(pids)) / (Date.now() - t)) * 1e5;
}

/** The harness's run of ours, with a line in between. */
function onLine(options, workloads) {
  const out = path.join(os.tmpdir(), `bench-line-${process.pid}.json`);
  execFileSync('node', [path.join(HARNESS, 'run.mjs'), 'deskhand-line', '-o', out, '-w', workloads, '-r', '1', '-s', String(seconds), '-n', option('-n', '30')],
    { env: { ...process.env, LINE_OPTIONS: options, NOISE_TRIES: '2' }, stdio: ['ignore', 'ignore', 'inherit'] });
  return JSON.parse(fs.readFileSync(out)).workloads;
}

async function lines() {
  const fast = onLine('-rate 10M -delay 40ms', 'typing,scroll,video,latency');
  for (const w of ['typing', 'scroll', 'video']) row(`10 Mbit/s + 40 ms: age of ${w}, p95`, 'ms', fast[w].age_p95, 40 + 60);
  row('10 Mbit/s + 40 ms: frames of video', '/s', fast.video.fps);
  row('10 Mbit/s + 40 ms: key → pixel, p50', 'ms', fast.latency.p50);
  const slow = onLine('-rate 1M -delay 80ms', 'typing,scroll,video,videolat');
  row('1 Mbit/s + 80 ms: age of typing, p95', 'ms', slow.typing.age_p95, 80 + 60);
  row('1 Mbit/s + 80 ms: key → pixel while video plays, p50 (both ways)', 'ms', slow.videolat.p50, 2 * 80 + 60);
  row('1 Mbit/s + 80 ms: key → pixel while video plays, p95 (both ways)', 'ms', slow.videolat.p95);
  for (const w of ['scroll', 'video']) {
    row(`1 Mbit/s + 80 ms: age of ${w}, p50`, 'ms', slow[w].age_p50);
    row(`1 Mbit/s + 80 ms: frames of ${w}`, '/s', slow[w].fps);
    row(`1 Mbit/s + 80 ms: bytes of ${w}`, 'kB/s', slow[w].kbytes_s.view);
  }
}

async function open(ctx, extra, viewport) {
  const b = await browse(deskhand.source, extra, viewport);
  await deskhand.open(ctx, b.page);
  await b.page.waitForFunction(() => window.__probe.size()?.[0] > 0);
  await sleep(1500);
  return b;
}

/** Frames per second and ages that a page sees during a time; bar2 is not looked at. */
async function watch(page, ms) {
  await page.evaluate(() => window.__probe.start('bar', null));
  await sleep(ms);
  const r = await page.evaluate(() => window.__probe.take());
  return { fps: r.distinct / r.seconds, p50: pct(r.ages, 0.5), p95: pct(r.ages, 0.95) };
}

/** What a second viewer costs the client, and what a slow one costs the fast one. */
async function second() {
  const ctx = new Ctx('deskhand-second');
  const open2 = [];
  try {
    await deskhand.start(ctx);
    const host = ctx.pids('host');
    for (const w of ['scroll', 'video']) {
      while (open2.length) await open2.pop().close();
      open2.push(await open(ctx));
      await workload(`/run?w=${w}`);
      await sleep(2000);
      const one = await cpu(host, seconds * 1000);
      await workload('/run?w=idle');
      open2.push(await open(ctx));
      await workload(`/run?w=${w}`);
      await sleep(4000);
      const [two, a, b] = await Promise.all([cpu(host, seconds * 1000), watch(open2[0].page, seconds * 1000), watch(open2[1].page, seconds * 1000)]);
      await workload('/run?w=idle');
      row(`second viewer, ${w}: CPU of the client for it, of the first's`, '×', two / one - 1, 0.3);
      row(`second viewer, ${w}: frames of the first and the second`, '/s', Math.min(a.fps, b.fps));
    }
  } finally {
    for (const b of open2) await b.close();
    await deskhand.stop?.(ctx);
    await ctx.stopAll();
  }
}

/** Whether a viewer on a slow line slows one on a fast one. */
async function slowed() {
  const ctx = new Ctx('deskhand-slowed');
  let fast, slow;
  try {
    await deskhand.start(ctx);
    ctx.spawn('tool', process.env.LINE, ['-rate', '1M', '-delay', '80ms', '-listen', '127.0.0.1:9004', '-to', '127.0.0.1:9000']);
    await lib.waitPort(9004);
    fast = await open(ctx);
    await workload('/run?w=scroll');
    await sleep(2000);
    const alone = await watch(fast.page, seconds * 1000);
    await workload('/run?w=idle');
    slow = await open(ctx, ['--host-resolver-rules=MAP 127.0.0.1:9000 127.0.0.1:9004']);
    await workload('/run?w=scroll');
    await sleep(4000);
    const [first, second] = await Promise.all([watch(fast.page, seconds * 1000), watch(slow.page, seconds * 1000)]);
    row('beside a viewer on 1 Mbit/s + 80 ms, scroll: frames of the fast one', '/s', first.fps);
    row('beside a viewer on 1 Mbit/s + 80 ms, scroll: age of the fast one, p50, more than alone', 'ms', first.p50 - alone.p50, 10);
    row('beside a viewer on 1 Mbit/s + 80 ms, scroll: age of the slow one, p50', 'ms', second.p50);
  } finally {
    await workload('/run?w=idle');
    await fast?.close();
    await slow?.close();
    await deskhand.stop?.(ctx);
    await ctx.stopAll();
  }
}

/** A display of another size: the stage plays the corpus on it. monitors, when there are some, divide it. */
async function large(name, size, scenes, monitors = []) {
  const dir = fs.mkdtempSync(path.join(os.tmpdir(), 'bench-large-'));
  const x = spawn('Xvfb', ['-displayfd', '3', '-screen', '0', `${size.join('x')}x24`, '-nolisten', 'tcp', '-ac', '-noreset'], { stdio: ['ignore', 'ignore', 'ignore', 'pipe'] });
  const display = `:${String(await new Promise((r) => x.stdio[3].once('data', r))).trim()}`;
  const env = { DISPLAY: display, XAUTHORITY: '' };
  Object.assign(lib.XENV, env); // where ours runs from now on
  const ctx = new Ctx(`deskhand-${name}`);
  let stage, b;
  try {
    const names = monitors.map((m, i) => { execFileSync('xrandr', ['--setmonitor', `bench${i}`, m, i ? 'none' : 'screen'], { env: { ...process.env, ...env } }); return `bench${i}`; });
    stage = await startStage(env);
    await deskhand.start(ctx);
    b = await open(ctx, [], { width: 1920, height: 1080 });
    const [w, h] = await b.page.evaluate(() => window.__probe.size());
    row(`${name}: pixels of the picture`, 'Mpixel', (w * h) / 1e6);
    const { key_box: [kx, ky] } = await stage.stats();
    await b.page.evaluate(([w, h, x, y]) => Object.assign(window.__probe, { W: w, H: h, px: x, py: y }), [w, h, kx, ky]);
    for (const scene of scenes) {
      await stage.get(`/play?scene=${scene}`);
      await sleep(3000);
      const before = await stage.stats();
      const [host, browser, seen, bytes] = await Promise.all([
        cpu(ctx.pids('host'), seconds * 1000), cpu(b.pids, seconds * 1000), watch(b.page, seconds * 1000),
        ctx.wire().then(async (n0) => { await sleep(seconds * 1000); return ((await ctx.wire()).view.down - n0.view.down) / seconds / 1000; })]);
      const after = await stage.stats();
      await stage.get('/stop');
      row(`${name}, ${scene}: frames, of ${round((after.frames - before.frames) / seconds)} drawn`, '/s', seen.fps);
      row(`${name}, ${scene}: age, p50`, 'ms', seen.p50);
      row(`${name}, ${scene}: CPU of the client`, '% of a core', host);
      row(`${name}, ${scene}: CPU of the browser`, '% of a core', browser);
      row(`${name}, ${scene}: bytes`, 'kB/s', bytes);
      await sleep(1000);
    }
    if (names.length) await pick(b.page, names.length, name);
  } finally {
    await b?.close();
    stage?.stop();
    await deskhand.stop?.(ctx);
    await ctx.stopAll();
    x.kill();
    fs.rmSync(dir, { recursive: true, force: true });
  }
}

/** Goes through the displays, as the agent does, and says how long the other one's picture took. */
async function pick(page, count, name) {
  for (let i = 1; i < count; i++) {
    const before = await page.evaluate(() => document.querySelector('canvas#screen').dataset.updateId);
    await page.mouse.move(900, 500);
    await page.mouse.move(960, 1); // the bar hides where the picture needs its place
    await page.getByRole('button', { name: /display/i }).first().click();
    const choice = page.getByRole('menuitem').or(page.getByRole('menuitemradio')).or(page.getByRole('option')).nth(i);
    await choice.waitFor();
    const t = Date.now();
    await choice.click();
    await page.waitForFunction((id) => document.querySelector('canvas#screen').dataset.updateId !== id, before);
    row(`${name}: picking display ${i + 1} until its picture`, 'ms', Date.now() - t);
  }
}

/** A key in a whole client, by the benchmark of the Go side: PRESS is its test program. */
function press() {
  const out = execFileSync(process.env.PRESS, ['-test.run', '^$', '-test.bench', '^BenchmarkKeyPress$', '-test.benchtime', '1000x'], { encoding: 'utf8' });
  const figure = (name) => Number(out.match(new RegExp(`([\\d.]+) ${name}`))?.[1]) / 1000;
  row('input, from its arrival at the client to the program with the focus, p50', 'ms', figure('injected-p50-µs'));
  row('input, from its arrival at the client to the program with the focus, p99', 'ms', figure('injected-p99-µs'), 1);
  row('input, from its arrival until the answer’s update is handed to the network, p50', 'ms', figure('answered-p50-µs'));
}

const parts = {
  press, lines, second, slowed,
  large: async () => {
    const home = { ...lib.XENV };
    await large('4K', [3840, 2160], ['typing', 'scroll', 'video']);
    await large('two displays', [3840, 1080], ['scroll'], ['1920/508x1080/286+0+0', '1920/508x1080/286+1920+0']);
    Object.assign(lib.XENV, home);
  },
};
let failed;
for (const [name, part] of Object.entries(parts)) {
  if (only && !only.includes(name)) continue;
  try { await part(); } catch (e) { failed = e; console.error(name, e); }
}
await workload('/run?w=idle').catch(() => {});
fs.writeFileSync(option('-o', path.join(lib.RUN, 'own.json')), JSON.stringify({ when: new Date().toISOString(), rows, error: failed && String(failed.stack ?? failed) }, null, 1));
process.exit(failed ? 1 : 0);
