// Two agents and two end-users at once, with the real programs.
import { expect, type Page, test } from '@playwright/test';
import fs from 'node:fs';
import path from 'node:path';
import { answer, startFromLink } from '../harness/client.ts';
import { clickRemote, logIn, person, picture } from '../harness/console.ts';
import { Desktop } from '../harness/desktop.ts';
import { until } from '../harness/process.ts';
import { Server } from '../harness/server.ts';

const ADA = { userName: 'ada', name: 'Ada Okafor', password: 'Correct-horse-7-battery' };

let server: Server;
let desktops: Desktop[];

test.beforeEach(async () => {
  server = await Server.start();
  server.addAgent(ADA.userName, ADA.name, 'agent', ADA.password);
  desktops = [await Desktop.start(), await Desktop.start('1024x768')];
});

test.afterEach(async ({}, info) => {
  for (const [i, d] of desktops.entries()) {
    if (info.status !== info.expectedStatus) d.screenshot(info.outputPath(`desktop-${i}.png`));
    await d.stop();
  }
  await server?.stop();
});

/** Opens an editor on a new file and gives what is in it, and how an agent types into it. */
async function editor(desktop: Desktop) {
  const file = path.join(desktop.home, 'typed.txt');
  fs.writeFileSync(file, '');
  desktop.run('mousepad', [file]);
  const geometry = desktop.x('xdotool', 'getwindowgeometry', '--shell', await desktop.window('typed.txt'));
  const at = (name: string) => Number(geometry.match(new RegExp(`${name}=(\\d+)`))![1]);
  const [x, y] = [at('X') + Math.round(at('WIDTH') / 2), at('Y') + Math.round(at('HEIGHT') / 2)];
  const type = async (page: Page, text: string) => {
    await clickRemote(page, x, y);
    await page.keyboard.type(text);
    await page.keyboard.press('Control+s');
  };
  return { x, y, type, text: () => fs.readFileSync(file, 'utf8').trimEnd() };
}

test('two agents share one session: one has control, asks for it and hands it over', async ({ page, browser }, info) => {
  const [desktop] = desktops;
  await logIn(page, server);
  await startFromLink(desktop, server, '4711', 'A. Martin');
  await page.getByRole('button', { name: 'Connect', exact: true }).click();
  await answer(desktop, 'control');
  await picture(page);

  // Rodney calls Ada, who joins from the notice in her console.
  const ada = await person(browser);
  await logIn(ada, server, ADA);
  await page.getByRole('button', { name: 'Agents', exact: true }).click();
  await page.getByRole('menuitem', { name: 'Invite an agent' }).click();
  await expect(page.locator('optgroup[label="Online"]')).toContainText('Ada Okafor (ada)');
  await page.getByLabel('Agent', { exact: true }).selectOption({ label: 'Ada Okafor (ada)' });
  await page.getByRole('button', { name: 'Invite', exact: true }).click();
  await expect(ada.getByText('Rodney Example invites you to the session with A. Martin.')).toBeVisible();
  await ada.screenshot({ path: info.outputPath('called.png') });
  await ada.getByRole('button', { name: 'Join', exact: true }).click();
  await answer(desktop, 'control');
  await picture(ada);
  await expect(ada.getByRole('button', { name: /In this session: .*Rodney Example/ })).toBeVisible();
  await expect(page.getByRole('button', { name: /In this session: .*Ada Okafor/ })).toBeVisible();

  // What Ada types has no effect until she has control.
  const notes = await editor(desktop);
  await notes.type(ada, 'not yet');
  await notes.type(page, 'one ');
  await until('what Rodney typed', () => notes.text() === 'one');
  await expect(ada.getByText('Rodney Example', { exact: true })).toBeVisible(); // his pointer
  await page.screenshot({ path: info.outputPath('control.png') });

  await ada.getByRole('button', { name: 'Ask for control' }).click();
  await ada.getByRole('button', { name: 'Take the question back' }).click();
  await ada.getByRole('button', { name: 'Ask for control' }).click();
  await expect(page.getByText('Ada Okafor asks for control.')).toBeVisible();
  await page.screenshot({ path: info.outputPath('asked.png') });
  await ada.screenshot({ path: info.outputPath('asking.png') });
  await page.getByRole('button', { name: 'Hand over' }).click();
  await expect(ada.getByText('You have control now.')).toBeVisible();
  await expect(page.getByText('Ada Okafor has control now.')).toBeVisible();
  desktop.screenshot(info.outputPath('bar.png'));
  await notes.type(page, 'no more ');
  await notes.type(ada, 'two ');
  await until('what Ada typed', () => notes.text().includes('two'));
  expect(notes.text()).not.toContain('no more');
  expect(notes.text()).not.toContain('not yet');

  // The session's owner takes it back without asking.
  await page.getByRole('button', { name: /In this session/ }).click();
  await page.getByRole('menuitem', { name: 'Take control' }).click();
  await expect(ada.getByRole('button', { name: 'Ask for control' })).toBeVisible();
  await notes.type(page, 'three ');
  await until('what Rodney typed again', () => notes.text().includes('three'));
  await page.getByRole('button', { name: /In this session/ }).click();
  await page.getByRole('menuitem', { name: 'Hand control to Ada Okafor' }).click();
  await expect(ada.getByRole('button', { name: 'Control', exact: true })).toBeVisible();
});

test('two end-users of one link: the next shares, one has a session of their own, and it is transferred', async ({ page, browser }, info) => {
  const [first, second] = desktops;
  await logIn(page, server);
  await startFromLink(first, server, '4712', 'B. Costa');
  const row = page.getByRole('row').filter({ hasText: 'B. Costa' });
  await expect(row).toContainText('Ready');
  await startFromLink(second, server, '4712', 'B. Costa');
  await expect(row).toContainText('1 waits in line');
  await page.screenshot({ path: info.outputPath('line.png') });

  // The other one shares, and then waits again.
  await row.getByRole('button', { name: 'Let them share' }).click();
  await expect(row).toContainText('1 waits in line');
  await row.getByRole('button', { name: 'Connect', exact: true }).click();
  await answer(second, 'view');
  expect(await picture(page)).toEqual({ width: 1024, height: 768 });
  await page.getByRole('link', { name: 'Back to Remote Sessions' }).click();

  // The one in line gets a session of their own, where Rodney sees the other screen.
  await row.getByRole('button', { name: 'Own session' }).click();
  await expect(row).toHaveCount(2);
  await page.mouse.move(5, 5);
  await row.nth(1).getByRole('button', { name: 'Connect', exact: true }).click();
  await answer(first, 'view');
  expect(await picture(page)).toEqual({ width: 1280, height: 800 });
  await page.getByRole('link', { name: 'Back to Remote Sessions' }).click();

  // It goes to Ada, who is told.
  const ada = await person(browser);
  await logIn(ada, server, ADA);
  await row.nth(1).getByRole('button', { name: 'More' }).click();
  await page.getByRole('menuitem', { name: 'Transfer to an agent' }).click();
  await page.getByLabel('Agent', { exact: true }).selectOption({ label: 'Ada Okafor (ada)' });
  await page.screenshot({ path: info.outputPath('transfer.png') });
  await page.getByRole('button', { name: 'Transfer', exact: true }).click();
  await expect(ada.getByText('Rodney Example has transferred the session with B. Costa to you.')).toBeVisible();
  await expect(ada.getByRole('row').filter({ hasText: 'B. Costa' })).toHaveCount(1);
  await page.mouse.move(5, 5);
  await expect(row).toHaveCount(1);
});
