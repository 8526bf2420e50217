// What an agent does in the console, by the product's words.
import { type Browser, expect, type Page } from '@playwright/test';
import { AGENT, type Server } from './server.ts';

export async function logIn(page: Page, server: Server, agent: { userName: string; password: string; name?: string } = AGENT): Promise<void> {
  await page.goto(server.url);
  await page.getByLabel(/user name/i).fill(agent.userName);
  await page.getByLabel(/^password/i).fill(agent.password);
  await page.getByRole('button', { name: 'Log in', exact: true }).click();
  await expect(page.getByRole('heading', { name: 'Remote Sessions' })).toBeVisible();
}

/** Another agent, or an end-user, with a browser profile of their own. */
export async function person(browser: Browser, opts: { locale?: string } = {}): Promise<Page> {
  const context = await browser.newContext({ locale: opts.locale ?? 'en-GB', acceptDownloads: true });
  return context.newPage();
}

/** Waits until the viewer shows a picture and gives its size. */
export async function picture(page: Page): Promise<{ width: number; height: number }> {
  const canvas = page.locator('canvas#screen');
  await expect(canvas).toBeVisible({ timeout: 30_000 });
  await expect(canvas).toHaveAttribute('data-update-id', /^[1-9]/, { timeout: 30_000 });
  return canvas.evaluate((c: HTMLCanvasElement) => ({ width: c.width, height: c.height }));
}

/** The viewer's picture as raw RGBA. */
export async function canvasPixels(page: Page): Promise<{ width: number; height: number; rgba: Buffer }> {
  const got = await page.locator('canvas#screen').evaluate((c: HTMLCanvasElement) => {
    const copy = new OffscreenCanvas(c.width, c.height);
    const g = copy.getContext('2d', { willReadFrequently: true })!;
    g.drawImage(c, 0, 0);
    const { data } = g.getImageData(0, 0, c.width, c.height);
    let s = '';
    for (let i = 0; i < data.length; i += 0x8000) s += String.fromCharCode(...data.subarray(i, i + 0x8000));
    return { width: c.width, height: c.height, base64: btoa(s) };
  });
  return { width: got.width, height: got.height, rgba: Buffer.from(got.base64, 'base64') };
}

/** Clicks on a pixel of the remote screen, through the viewer. */
export async function clickRemote(page: Page, x: number, y: number, button: 'left' | 'right' = 'left'): Promise<void> {
  const canvas = page.locator('canvas#screen');
  const box = (await canvas.boundingBox())!;
  const { width, height } = await canvas.evaluate((c: HTMLCanvasElement) => ({ width: c.width, height: c.height }));
  await page.mouse.click(box.x + ((x + 0.5) * box.width) / width, box.y + ((y + 0.5) * box.height) / height, { button });
}

/** How many pixels differ between two pictures; -1 when their sizes do. */
export function differing(a: { width: number; height: number; rgba: Buffer }, b: { width: number; height: number; rgba: Buffer }): number {
  if (a.width !== b.width || a.height !== b.height) return -1;
  let n = 0;
  for (let i = 0; i < a.rgba.length; i += 4) if (a.rgba[i] !== b.rgba[i] || a.rgba[i + 1] !== b.rgba[i + 1] || a.rgba[i + 2] !== b.rgba[i + 2]) n++;
  return n;
}
