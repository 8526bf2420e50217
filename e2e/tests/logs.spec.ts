// The session log: a real session is ended, found, filtered, opened, noted and exported.
import fs from 'node:fs';
import { expect, test } from '@playwright/test';
import { answer, startFromLink } from '../harness/client.ts';
import { logIn, person, picture } from '../harness/console.ts';
import { Desktop } from '../harness/desktop.ts';
import { collectFaults, expectAccessible } from '../harness/faults.ts';
import { addLogs } from '../harness/sample.ts';
import { Server } from '../harness/server.ts';

let server: Server;

test.beforeEach(async () => { server = await Server.start(); });
test.afterEach(async () => { await server.stop(); });

test('a session that has ended is found, opened, noted and exported', async ({ page }) => {
  const desktop = await Desktop.start('1024x768');
  try {
    const faults = await collectFaults(page);
    await logIn(page, server);
    await startFromLink(desktop, server, '4711', 'Élodie =1+1');
    const row = page.getByRole('row').filter({ hasText: 'Élodie' });
    await row.getByRole('button', { name: 'Connect', exact: true }).click();
    await answer(desktop, 'control');
    await picture(page);
    await desktop.press(await desktop.ownWindow('bar'), 'stop');
    await expect(page.getByText('Ended by the end-user.')).toBeVisible();

    // It is the one row, and found by a part of its name without the accent.
    await page.goto(`${server.url}/logs`);
    await expect(page.getByText('1 session', { exact: true })).toBeVisible();
    await page.getByRole('searchbox', { name: 'Search logs' }).fill('elod');
    await expect(page).toHaveURL(/\?q=elod$/);
    await expect(row).toBeVisible();

    // Opened by its link: what happened, and a note that is kept.
    await row.getByRole('link').first().click();
    const details = page.getByRole('complementary', { name: 'Élodie =1+1' });
    await expect(details.getByText('Rodney Example was allowed to control')).toBeVisible();
    await details.getByRole('textbox', { name: 'Note' }).fill('Printer driver replaced');
    await details.getByRole('button', { name: 'Save' }).click();
    await expect(details.getByRole('button', { name: 'Save' })).toHaveCount(0);
    await expectAccessible(page, 'Session Logs with an open session');
    await page.keyboard.press('Escape');
    await expect(details).toHaveCount(0);
    await expect(row.getByRole('link').first()).toBeFocused();
    await page.getByRole('searchbox', { name: 'Search logs' }).fill('driver printer');
    await expect(page).toHaveURL(/q=driver\+printer$/);
    await expect(row).toBeVisible();

    // The export is what the filter shows; what a spreadsheet would run is made harmless.
    const download = page.waitForEvent('download');
    await page.getByRole('button', { name: 'Export to csv' }).click();
    const file = await download;
    expect(file.suggestedFilename()).toMatch(/^sessions-\d{4}-\d{2}-\d{2}\.csv$/);
    const lines = fs.readFileSync(await file.path(), 'utf8').split('\r\n');
    expect(lines).toHaveLength(3);
    expect(lines[0]).toMatch(/^\ufeffStart,End,Duration,Agents,/);
    expect(lines[1]).toMatch(/^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(Z|[+-]\d{2}:\d{2}),.*,Rodney Example,Rodney Example,Élodie =1\+1,.*,attended,4711,.*,Printer driver replaced$/);

    await page.getByRole('button', { name: /^Type|Any type/ }).or(page.getByRole('combobox', { name: 'Type' })).first().click();
    await page.getByRole('option', { name: 'Unattended' }).click();
    await expect(page.getByText('No session matches')).toBeVisible();
    await page.goBack();
    await expect(row).toBeVisible();
    expect(faults).toEqual([]);
  } finally {
    await desktop.stop();
  }
});

test('a long log is filtered, sorted and scrolled by its address, headings and keys', async ({ page, browser }) => {
  addLogs(server, 260);
  await logIn(page, server);
  await page.goto(`${server.url}/logs?computer=reception&sort=ticket`);
  await expect(page.getByText('65 sessions', { exact: true })).toBeVisible();
  await expect(page.getByRole('columnheader', { name: 'Ticket' })).toHaveAttribute('aria-sort', 'ascending');
  await page.getByRole('button', { name: 'Remove the filter Computer: reception' }).click();
  await expect(page.getByText('260 sessions', { exact: true })).toBeVisible();
  await page.getByRole('button', { name: 'Duration' }).click();
  await expect(page.getByRole('columnheader', { name: 'Duration' })).toHaveAttribute('aria-sort', 'descending');

  // Page after page comes as one scrolls by keys.
  await page.getByRole('region', { name: 'Session Logs' }).focus();
  await expect(async () => {
    await page.keyboard.press('End');
    await expect(page.getByRole('row').last()).toHaveAttribute('aria-rowindex', '261', { timeout: 500 });
  }).toPass();
  await expectAccessible(page, 'Session Logs, sorted');

  // Another agent has no part in these, and nobody else's link helps.
  server.addAgent('anna', 'Anna Other', 'agent', 'Correct-horse-8-battery');
  const other = await person(browser);
  await logIn(other, server, { userName: 'anna', name: 'Anna Other', password: 'Correct-horse-8-battery' });
  await other.goto(`${server.url}/logs`);
  await expect(other.getByText('Ended sessions will be here')).toBeVisible();
  await other.goto(`${server.url}/logs/l260-1`);
  await expect(other.getByText('There is no such session in the log.')).toBeVisible();
});
