// What a page does wrong without anybody seeing it: against its content security policy, in its console, for a screen reader.
import { AxeBuilder } from '@axe-core/playwright';
import { expect, type Page } from '@playwright/test';

/** Collects what a page reports from now on, on all its documents. */
export async function collectFaults(page: Page): Promise<string[]> {
  const faults: string[] = [];
  await page.exposeBinding('reportViolation', (_, text: string) => { faults.push(text); });
  await page.addInitScript(() => {
    addEventListener('securitypolicyviolation', (e) => {
      (globalThis as unknown as { reportViolation(text: string): void }).reportViolation(`${e.violatedDirective} on ${location.pathname}: ${e.blockedURI} ${e.sample}`);
    });
  });
  page.on('pageerror', (e) => faults.push(String(e)));
  page.on('console', (m) => {
    // The browser says so of each answer that is not 2xx; who is not logged in gets a 401.
    if (m.type() === 'error' && !m.text().startsWith('Failed to load resource: the server responded')) faults.push(m.text());
  });
  return faults;
}

/** Checks the page as it stands: by all rules in light, and its colours in dark as well. */
export async function expectAccessible(page: Page, name: string): Promise<void> {
  for (const colorScheme of ['dark', 'light'] as const) {
    await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
    const axe = new AxeBuilder({ page }).setLegacyMode(); // no frames: no page of its own for each run
    const { violations } = await (colorScheme === 'dark' ? axe.withRules('color-contrast') : axe).analyze();
    const found = violations.flatMap((v) => v.nodes.map((n) => `${v.id}: ${n.target.join(' ')}: ${n.failureSummary}`));
    expect(found, `${name}, ${colorScheme}`).toEqual([]);
  }
}

/** Checks that what stands out by its ground (buttons, fields, states, what is selected) still does when the reader forces colours. Gives how many do. */
export async function expectEdges(page: Page, name: string): Promise<number> {
  const look = (mark: boolean) => page.evaluate((mark) => {
    const clear = (color: string) => /^transparent$|^rgba\(.*, 0\)$/.test(color);
    const ground = (e: Element | null): string => {
      const own = e ? getComputedStyle(e).backgroundColor : 'rgb(255, 255, 255)';
      return clear(own) && e ? ground(e.parentElement) : own;
    };
    const what = 'button, a, input, textarea, summary, [role=switch], [aria-current], [aria-selected], [class*=Switch-track], [class*=_state_], [class*=_banner_], .warning, .claim, .consent';
    const lost: string[] = [];
    for (const e of document.querySelectorAll<HTMLElement>(mark ? what : '[data-stands-out]')) {
      const s = getComputedStyle(e);
      const box = e.getBoundingClientRect();
      const around = ground(e.parentElement);
      const differs = !clear(s.backgroundColor) && s.backgroundColor !== around;
      if (mark) {
        delete e.dataset.standsOut; // from the page before
        if (differs && box.width > 2 && box.height > 2 && Number(s.opacity) > 0 && s.visibility === 'visible') e.dataset.standsOut = '';
        continue;
      }
      const edge = (['Top', 'Right', 'Bottom', 'Left'] as const).some((side) => {
        const color = s[`border${side}Color`];
        return s[`border${side}Style`] !== 'none' && Number.parseFloat(s[`border${side}Width`]) >= 1 && !clear(color) && color !== around;
      });
      const outline = s.outlineStyle !== 'none' && Number.parseFloat(s.outlineWidth) >= 1 && !clear(s.outlineColor);
      if (!differs && !edge && !outline) lost.push(e.outerHTML.slice(0, 160));
    }
    return lost;
  }, mark);
  await page.emulateMedia({ forcedColors: 'none', reducedMotion: 'reduce' });
  await look(true);
  const count = await page.locator('[data-stands-out]').count();
  await page.emulateMedia({ forcedColors: 'active' });
  await expect.poll(() => look(false), { message: `${name}, forced colours`, timeout: 3000 }).toEqual([]); // colours may still be on their way
  return count;
}
