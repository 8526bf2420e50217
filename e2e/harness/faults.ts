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
