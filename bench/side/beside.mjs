// Measures of one product what the harness does not: from asking for the picture to a whole one, how long after the last change the canvas is
// the screen to the pixel, and how good a video is while it plays.
//   node beside.mjs ADAPTER -o results.json [-r REPEATS]
import fs from 'node:fs';
import path from 'node:path';
import { alike, browse, grid, HARNESS, hash, lib, startStage } from './page.mjs';

const { sleep, median, round, Ctx } = lib;
const args = process.argv.slice(2);
const option = (k, d) => { const i = args.indexOf(k); return i < 0 ? d : args[i + 1]; };
const name = args[0];
const repeats = Number(option('-r', 3));
const adapter = (await import(path.join(HARNESS, 'adapters', `${name}.mjs`))).default;
const workload = (what) => fetch(`http://127.0.0.1:5950${what}`);
// What the harness redraws in each frame. At its bottom right is the bar code that is another in each frame.
const VIEWS = { video: [320, 180, 1280, 720], scroll: [300, 120, 1200, 900] };

const ctx = new Ctx(`${name}-beside`);
const result = { product: name, when: new Date().toISOString() };
let stage, browser;

/** Opens the product's viewer in a new browser; gives the frame with the canvas, and how long the picture took. */
async function connect() {
  await browser?.close();
  browser = await browse(adapter.source, adapter.chromiumArgs);
  if (name.startsWith('meshcentral')) { // its picture is asked for by a function of the page
    await browser.context.addInitScript(`addEventListener('load', () => { if (window.connectDesktop) __look.asks('connectDesktop'); });`);
  }
  await workload('/run?w=idle');
  await adapter.open(ctx, browser.page);
  const frame = adapter.frame ? await adapter.frame(browser.page) : browser.page.mainFrame();
  if (adapter.area) await frame.evaluate(`window.__probe.area = () => (${adapter.area}); 0`);
  await sleep(2500);
  const screen = grid(await stage.shot(), 1920, 1080);
  const { asked, grids } = await frame.evaluate(() => window.__look.take());
  const first = grids.find((g) => alike(g.colors, screen) > 0.99);
  return { frame, ms: first ? round(first.at - asked) : null };
}

/** How long after the last change of the screen the canvas is it to the pixel, and stays so; null: not within 3 s. */
async function settle(frame, what, playing) {
  await workload(`/run?w=${what}`);
  await sleep(playing);
  await frame.evaluate(() => window.__look.start('hash'));
  await sleep(100);
  await workload('/stop');
  const last = Date.now(); // what is drawn last is drawn before this answer
  const early = hash(await stage.shot(), 1920, 1080);
  await sleep(3000);
  const { hashes } = await frame.evaluate(() => window.__look.take());
  const late = hash(await stage.shot(), 1920, 1080);
  const still = late.map((_, i) => i).filter((i) => early[i] === late[i]); // a clock on the screen goes on
  let at = null;
  for (const h of hashes) at = still.every((i) => h.tiles[i] === late[i]) ? (at ?? h.at) : null;
  return at === null ? null : Math.max(0, round(at - last));
}

/** PSNR in dB of the canvas while it changes, against the nearest of the frames that the screen showed meanwhile. */
async function quality(frame, what) {
  const [x, y, w, h] = VIEWS[what];
  await workload(`/run?w=${what}`);
  await sleep(2500);
  await stage.watch(VIEWS[what], 5);
  const begin = Date.now();
  await sleep(300);
  for (let n = 0; n < 8 && Date.now() - begin < 4500;) {
    n = await frame.evaluate((r) => window.__look.keep(...r), VIEWS[what]);
    await sleep(437);
  }
  await workload('/stop');
  const samples = [];
  for (let s; (s = await frame.evaluate(() => window.__look.next()));) samples.push(Buffer.from(s, 'base64'));
  const got = await stage.compare([x + w - 384, y + h - 32, 384, 32].join(), Buffer.concat(samples));
  return { ...got, p50: median(got.psnr_db), luma: median(got.psnr_luma_db), halfColor: median(got.psnr_half_color_db), min: Math.min(...got.psnr_db) };
}

for (const signal of ['SIGTERM', 'SIGINT']) process.on(signal, async () => { await browser?.close(); stage?.stop(); await adapter.stop?.(ctx); await ctx.stopAll(); process.exit(130); });
try {
  await adapter.start(ctx);
  stage = await startStage(lib.XENV);
  const times = [];
  let frame;
  for (let i = 0; i < repeats; i++) {
    const c = await connect();
    times.push(c.ms);
    frame = c.frame;
  }
  result.connect = { ms: median(times), runs: times };
  const pixels = await frame.evaluate(() => window.__probe.size());
  result.exact = {};
  if (pixels[0] === 1920 && pixels[1] === 1080) {
    for (const [what, playing] of [['typing', 1500], ['scroll', 1500], ['video', 3000], ['rest', 750]]) result.exact[what] = await settle(frame, what, playing);
  }
  result.psnr = { scroll: await quality(frame, 'scroll'), video: await quality(frame, 'video') };
  console.log(name, JSON.stringify(result));
} catch (e) {
  result.error = String(e.stack ?? e);
  console.error(e);
} finally {
  await workload('/run?w=idle').catch(() => {});
  await browser?.close();
  stage?.stop();
  await adapter.stop?.(ctx);
  await ctx.stopAll();
  fs.writeFileSync(option('-o', path.join(lib.RUN, `${name}-beside.json`)), JSON.stringify(result, null, 1));
}
process.exit(result.error ? 1 : 0);
