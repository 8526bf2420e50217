// Runs inside the viewer's page, after the harness's probe.js: notes when the agent asked for the picture, and what the canvas shows when. Times are
// ms of the same clock as Date.now().
(() => {
  const P = window.__probe;
  const now = () => performance.timeOrigin + performance.now();
  const L = window.__look = { asked: performance.timeOrigin, grids: [], hashes: [], kept: [], mode: 'off' };
  const make = (w, h) => { const c = document.createElement('canvas'); c.width = w; c.height = h; const g = c.getContext('2d', { willReadFrequently: true }); g.imageSmoothingEnabled = false; return g; };
  const GW = 96, GH = 54, grid = make(GW, GH);
  let whole;
  let part;

  addEventListener('click', () => { L.asked = now(); }, true);
  L.asks = (name) => { // the click is a function of the page's own
    const f = window[name];
    window[name] = function (...args) { L.asked = now(); return f.apply(this, args); };
  };

  const source = () => { try { const s = P.get && P.get(); return s && P.size()?.[0] ? s : null; } catch { return null; } };
  L.sample = () => {
    const s = source();
    if (!s) return null;
    const [w, h] = P.size();
    grid.drawImage(s, 0, 0, w, h, 0, 0, GW, GH);
    return Array.from(new Uint32Array(grid.getImageData(0, 0, GW, GH).data.buffer), (v) => v & 0xffffff);
  };
  const pixels = () => {
    const s = source();
    if (!s) return null;
    const [w, h] = P.size();
    if (!whole || whole.canvas.width !== w || whole.canvas.height !== h) whole = make(w, h);
    whole.drawImage(s, 0, 0);
    return whole.getImageData(0, 0, w, h).data;
  };
  // FNV-1a over the colours of each tile of 64×64, as page.mjs computes it from the screen.
  const hash = (data, w, h) => {
    const px = new Uint32Array(data.buffer, data.byteOffset, data.length / 4);
    const cols = Math.ceil(w / 64);
    const tiles = new Uint32Array(cols * Math.ceil(h / 64)).fill(0x811c9dc5);
    for (let y = 0, i = 0; y < h; y++) for (let x = 0; x < w; x++, i++) {
      const t = (y >> 6) * cols + (x >> 6);
      tiles[t] = Math.imul(tiles[t] ^ (px[i] & 0xffffff), 0x01000193);
    }
    return Array.from(tiles);
  };
  const text = (data) => { let s = ''; for (let i = 0; i < data.length; i += 0x8000) s += String.fromCharCode(...data.subarray(i, i + 0x8000)); return btoa(s); };

  /** Keeps a part of the remote picture at the next animation frame, as the person sees it, mapped to 1920×1080 where the product scales. */
  L.keep = (x, y, w, h) => new Promise((resolve) => requestAnimationFrame(() => {
    const s = source();
    const [sw, sh] = P.size();
    part ??= make(w, h);
    if (part.canvas.width !== w || part.canvas.height !== h) part = make(w, h);
    part.drawImage(s, (x * sw) / P.W, (y * sh) / P.H, (w * sw) / P.W, (h * sh) / P.H, 0, 0, w, h);
    L.kept.push(part.getImageData(0, 0, w, h).data);
    resolve(L.kept.length);
  }));
  /** The first of what was kept, or null. It takes long: not while something is measured. */
  L.next = () => { const data = L.kept.shift(); return data ? text(data) : null; };
  L.start = (mode) => { L.grids = []; L.hashes = []; L.mode = mode; };
  L.take = () => { L.mode = 'off'; return { asked: L.asked, grids: L.grids, hashes: L.hashes }; };

  function tick() {
    requestAnimationFrame(tick);
    if (L.mode === 'grid' && L.grids.length < 2000) {
      const colors = L.sample();
      if (colors) L.grids.push({ at: now(), colors });
    } else if (L.mode === 'hash' && L.hashes.length < 1000) {
      const at = now();
      const data = pixels();
      if (data) L.hashes.push({ at, tiles: hash(data, whole.canvas.width, whole.canvas.height) });
    }
  }
  L.mode = 'grid';
  requestAnimationFrame(tick);
})();
