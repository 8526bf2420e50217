// Remote Computers: groups by mouse and by keyboard, who sees what, and a computer that is removed while it runs.
import os from 'node:os';
import { expect, type Locator, type Page, test } from '@playwright/test';
import { answer, startUnattended } from '../harness/client.ts';
import { logIn, person, picture } from '../harness/console.ts';
import { Desktop } from '../harness/desktop.ts';
import { collectFaults, expectAccessible } from '../harness/faults.ts';
import { addComputers } from '../harness/sample.ts';
import { Server } from '../harness/server.ts';

let server: Server;

test.beforeAll(async () => {
  server = await Server.start();
  server.addAgent('ines', 'Inês Duarte', 'agent', 'Correct-horse-8-battery');
  server.addAgent('boss', 'Vera Boss', 'administrator', 'Correct-horse-9-battery');
  addComputers(server);
});
test.afterAll(async () => { await server.stop(); });

const boss = { userName: 'boss', password: 'Correct-horse-9-battery' };
const place = (page: Page, name: string) => page.getByRole('treeitem', { name: new RegExp(`^${name} ?\\d`) });
const computer = (page: Page, name: string) => page.getByRole('row').filter({ has: page.getByText(name, { exact: true }) });

test('groups by mouse: made, filled by drag and drop, shown to the team, seen by a second agent', async ({ page, browser }) => {
  const faults = await collectFaults(page);
  await logIn(page, server);
  await page.goto(`${server.url}/computers`);
  await page.getByRole('button', { name: 'More for Team computers' }).click({ force: true });
  await page.getByRole('menuitem', { name: 'Add new group' }).click();
  await page.getByRole('textbox', { name: 'Name of the group' }).fill('Berlin');
  await page.keyboard.press('Enter');
  await expect(place(page, 'Berlin')).toBeVisible();

  // Two at once, from My computers to the team: asked first.
  await page.getByRole('checkbox', { name: 'Select CASH-DESK-1' }).check();
  await page.getByRole('checkbox', { name: 'Select CASH-DESK-2' }).check();
  await computer(page, 'CASH-DESK-2').dragTo(place(page, 'Berlin'));
  const question = page.getByRole('dialog', { name: 'Show 2 computers to everyone?' });
  await expect(question).toBeVisible();
  await expectAccessible(page, 'the question');
  await question.getByRole('button', { name: 'Change visibility to everyone' }).click();
  await expect(place(page, 'Berlin')).toHaveAccessibleName(/2/);

  const ines = await person(browser);
  await logIn(ines, server, { userName: 'ines', password: 'Correct-horse-8-battery' });
  await ines.goto(`${server.url}/computers`);
  await expect(computer(ines, 'CASH-DESK-1')).toBeVisible();
  await expect(computer(ines, 'SHOWROOM')).toHaveCount(0);
  await computer(ines, 'CASH-DESK-1').getByRole('button', { name: 'More', exact: true }).click();
  await expect(ines.getByRole('menuitem', { name: 'Edit' })).toBeVisible();
  await expect(ines.getByRole('menuitem', { name: 'Remove' })).toHaveCount(0); // the owner's to do
  await ines.keyboard.press('Escape');

  // What one moves, the other sees.
  await page.getByRole('button', { name: 'More for Berlin' }).click({ force: true });
  await page.getByRole('menuitem', { name: 'Add new group' }).click();
  await page.keyboard.type('Tills');
  await page.keyboard.press('Enter');
  await expect(place(ines, 'Tills')).toBeVisible();
  await page.getByRole('button', { name: 'More for Tills' }).click({ force: true });
  await page.getByRole('menuitem', { name: 'Rename' }).click();
  await page.keyboard.type('Checkouts');
  await page.keyboard.press('Enter');
  await expect(place(ines, 'Checkouts')).toBeVisible();
  await computer(page, 'CASH-DESK-1').dragTo(place(page, 'Checkouts'));
  await expect(place(ines, 'Checkouts')).toHaveAccessibleName(/1/);
  await place(page, 'Berlin').dragTo(place(page, 'Checkouts')); // not into itself
  await expect(place(page, 'Checkouts')).toHaveAttribute('aria-level', '3');
  await page.getByRole('button', { name: 'More for Checkouts' }).click({ force: true });
  await page.getByRole('menuitem', { name: 'Rename' }).click();
  await page.getByRole('textbox', { name: 'Name of the group' }).fill('x'.repeat(10_000));
  await page.keyboard.press('Enter');
  await expect(place(page, 'x{80}')).toBeVisible();
  const groups = await (await page.request.get(`${server.url}/api/groups`)).json();
  const [berlin, child] = ['Berlin', 'x'.repeat(80)].map((name) => groups.items.find((g: { name: string }) => g.name === name).id);
  for (const [change, says] of [[{ parentId: child }, 'A group cannot stand in itself.'], [{ parentId: berlin }, 'A group cannot stand in itself.'], [{ name: 'x'.repeat(10_000) }, 'Use at most 200 characters.']] as const) {
    const refused = await page.request.patch(`${server.url}/api/groups/${berlin}`, { data: change });
    expect(await refused.text()).toContain(says);
  }
  await page.getByRole('button', { name: /^More for x/ }).click({ force: true });
  await page.getByRole('menuitem', { name: 'Rename' }).click();
  await page.keyboard.type('Checkouts');
  await page.keyboard.press('Enter');
  await place(page, 'Checkouts').dragTo(place(page, 'Team computers'));
  await expect(place(page, 'Checkouts')).toHaveAttribute('aria-level', '2');
  await expect(place(page, 'Berlin')).toHaveAccessibleName(/1/);

  await computer(page, 'CASH-DESK-1').getByRole('button', { name: 'More', exact: true }).click();
  await page.getByRole('menuitem', { name: 'Change visibility to only me' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Change visibility to only me' }).click();
  await expect(computer(ines, 'CASH-DESK-1')).toHaveCount(0);
  await ines.context().close();
  expect(faults).toEqual([]);
});

test('by touch: a finger that rests on a row drags it, and all that are chosen; one that does not scrolls', async ({ browser }) => {
  const context = await browser.newContext({ locale: 'en-GB', hasTouch: true, viewport: { width: 1180, height: 820 } }); // a tablet
  const page = await context.newPage();
  const faults = await collectFaults(page);
  await logIn(page, server);
  await page.goto(`${server.url}/computers`);
  await page.getByRole('button', { name: 'More for My computers' }).tap();
  await page.getByRole('menuitem', { name: 'Add new group' }).tap();
  await page.getByRole('textbox', { name: 'Name of the group' }).fill('Van');
  await page.keyboard.press('Enter');
  await expect(place(page, 'Van')).toBeVisible();

  const cdp = await context.newCDPSession(page);
  const centre = async (one: Locator) => {
    const box = (await one.boundingBox())!;
    return { x: box.x + box.width / 2, y: box.y + box.height / 2 };
  };
  const touch = (type: 'touchStart' | 'touchMove' | 'touchEnd', ...touchPoints: { x: number; y: number }[]) => cdp.send('Input.dispatchTouchEvent', { type, touchPoints });
  const drag = async (from: Locator, to: Locator, shape: string) => {
    const [a, b] = [await centre(from), await centre(to)];
    await touch('touchStart', a);
    await expect(page.getByText(shape, { exact: true }).last()).toHaveCSS('position', 'fixed'); // the finger has rested
    await touch('touchMove', { x: (a.x + b.x) / 2, y: (a.y + b.y) / 2 });
    await touch('touchMove', b);
    await expect(to).toHaveAttribute('data-over');
    await touch('touchEnd');
    await expect(page.locator('html[data-touch-drag]')).toHaveCount(0);
  };
  await drag(computer(page, 'SHOWROOM').getByRole('link'), place(page, 'Van'), 'SHOWROOM');
  await expect(place(page, 'Van')).toHaveAccessibleName(/1/);
  await expect(page).toHaveURL(`${server.url}/computers`); // it was no tap on the name

  await page.getByRole('checkbox', { name: 'Select SHOWROOM' }).tap();
  await page.getByRole('checkbox', { name: 'Select WORKSHOP' }).tap();
  await drag(computer(page, 'WORKSHOP'), place(page, 'My computers'), 'WORKSHOP + 1');
  await expect(page.getByText('2 computers moved to My computers', { exact: true })).toBeVisible();
  await expect(place(page, 'Van')).toHaveAccessibleName(/0/);

  // A finger that moves at once scrolls, and takes nothing with it.
  const from = await centre(computer(page, 'WORKSHOP'));
  await touch('touchStart', from);
  for (const by of [15, 30, 60]) await touch('touchMove', { x: from.x, y: from.y - by });
  await touch('touchEnd');
  await expect(page.locator('html[data-touch-drag]')).toHaveCount(0);
  await place(page, 'Van').focus();
  await page.keyboard.press('Delete');
  await page.getByRole('dialog', { name: 'Remove the group Van?' }).getByRole('button', { name: 'Remove' }).tap();
  await expect(place(page, 'Van')).toHaveCount(0);
  expect(faults).toEqual([]);
  await context.close();
});

test('the same by keyboard, and on a phone', async ({ page }) => {
  await logIn(page, server);
  await page.goto(`${server.url}/computers`);
  await place(page, 'My computers').click();
  await page.keyboard.press('Tab');
  await page.keyboard.press('Enter');
  await page.getByRole('menuitem', { name: 'Add new group' }).press('Enter');
  await page.keyboard.type('Shop');
  await page.keyboard.press('Enter');
  await expect(place(page, 'My computers')).toBeFocused();
  await page.getByRole('checkbox', { name: 'Select SHOWROOM' }).press('Space');
  await page.getByRole('button', { name: 'Move to …' }).press('Enter');
  const dialog = page.getByRole('dialog', { name: 'Move SHOWROOM' });
  await expect(dialog.getByRole('combobox', { name: 'Move to …' })).toBeFocused();
  await page.keyboard.type('Shop');
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('Enter');
  await dialog.getByRole('button', { name: 'Move', exact: true }).press('Enter');
  await expect(page.getByText('1 computer moved to My computers › Shop')).toBeVisible();

  await place(page, 'Shop').focus();
  await page.keyboard.press('F2');
  await page.keyboard.type('Shop floor');
  await page.keyboard.press('Enter');
  await expect(place(page, 'Shop floor')).toBeFocused();
  await page.keyboard.press('Enter');
  await expect(page.getByRole('row')).toHaveCount(2);
  await page.setViewportSize({ width: 390, height: 844 });
  await page.getByRole('combobox', { name: 'Groups' }).click();
  await page.getByRole('option', { name: 'All computers' }).click();
  await expect(page.getByRole('row')).not.toHaveCount(2);
  await page.setViewportSize({ width: 1440, height: 900 });
  await place(page, 'Shop floor').focus();
  await page.keyboard.press('Delete');
  await page.getByRole('dialog', { name: 'Remove the group Shop floor?' }).getByRole('button', { name: 'Remove' }).click();
  await expect(place(page, 'Shop floor')).toHaveCount(0);
  await expect(computer(page, 'SHOWROOM')).toBeVisible();
});

test('several at once: tags and owner; an administrator takes over what a disabled agent had', async ({ page }) => {
  server.sql(`UPDATE computer SET owner_id = (SELECT id FROM agent WHERE user_name = 'ines') WHERE name = 'WORKSHOP'`);
  server.sql(`UPDATE agent SET disabled = 1 WHERE user_name = 'ines'`);
  await logIn(page, server, boss);
  await page.goto(`${server.url}/computers`);
  await expect(place(page, 'Other agents’ computers')).toBeVisible();
  await expect(computer(page, 'WORKSHOP').getByText('Inês Duarte (disabled)')).toBeVisible();
  await computer(page, 'WORKSHOP').getByRole('button', { name: 'More', exact: true }).click();
  await page.getByRole('menuitem', { name: 'Take over' }).click();
  await page.getByRole('dialog', { name: 'Take over WORKSHOP?' }).getByRole('button', { name: 'Take over' }).click();
  await expect(place(page, 'My computers')).toHaveAccessibleName(/1/);
  server.sql(`UPDATE agent SET disabled = 0 WHERE user_name = 'ines'`);

  await page.getByRole('checkbox', { name: 'Select WORKSHOP' }).check();
  await page.getByRole('checkbox', { name: 'Select MEETING-ROOM-3' }).check();
  const chosen = page.getByRole('group', { name: '2 selected' });
  await chosen.getByRole('button', { name: 'Tags' }).click();
  const tags = page.getByRole('dialog', { name: 'Tags of 2 computers' });
  await tags.getByRole('combobox', { name: 'Add tags' }).fill('upstairs');
  await page.keyboard.press('Enter');
  await tags.getByRole('button', { name: 'Save' }).click();
  await page.getByRole('searchbox').fill('upstairs');
  await expect(page.getByRole('row')).toHaveCount(3);
  await page.getByRole('searchbox').fill('');
  await page.getByRole('checkbox', { name: 'Select WORKSHOP' }).check();
  await page.getByRole('group', { name: '1 selected' }).getByRole('button', { name: 'Owner' }).click();
  const owner = page.getByRole('dialog', { name: 'Owner of WORKSHOP' });
  await owner.getByRole('combobox', { name: 'Owner' }).click();
  await page.getByRole('option', { name: 'Inês Duarte' }).click();
  await owner.getByRole('button', { name: 'Save' }).click();
  await expect(place(page, 'My computers')).toHaveAccessibleName(/0/);
  await page.setViewportSize({ width: 390, height: 844 });
  await page.getByRole('link', { name: 'MEETING-ROOM-3' }).click();
  await expect(page.getByRole('complementary', { name: 'MEETING-ROOM-3' }).getByText('It cannot be woken from here', { exact: false })).toBeVisible();
  await expect(page.getByText('has not told yet', { exact: false })).toBeVisible();
});

test('a computer that runs is described, opened, and removed: its view ends and it no longer gets in', async ({ page, browser }) => {
  const desktop = await Desktop.start();
  try {
    const client = startUnattended(desktop, server);
    await logIn(page, server);
    await page.goto(`${server.url}/computers`);
    const [id] = server.sql(`SELECT id FROM computer WHERE length(id) = 26`).trim().split('\n');
    const live = page.getByRole('row').filter({ has: page.locator(`#computer-${id}`) });
    await expect(live.getByText('Online', { exact: true })).toBeVisible();
    await live.getByRole('button', { name: 'More', exact: true }).click();
    await page.getByRole('menuitem', { name: 'Edit' }).click();
    const edit = page.getByRole('dialog');
    await edit.getByRole('textbox', { name: 'Name' }).fill('KITCHEN');
    await edit.getByRole('combobox', { name: 'Tags' }).fill('bakery');
    await page.keyboard.press('Enter');
    await edit.getByRole('textbox', { name: 'Note' }).fill('Below the oven');
    await edit.getByRole('button', { name: 'Save' }).click();
    await expect(computer(page, 'KITCHEN')).toBeVisible();
    await page.getByRole('searchbox').fill('bakery oven');
    await expect(page.getByRole('row')).toHaveCount(2);
    await page.getByRole('searchbox').fill('');

    // What it is made of, beside the list, by an address that can be sent.
    await page.getByRole('link', { name: 'KITCHEN', exact: true }).click();
    const details = page.getByRole('complementary', { name: 'KITCHEN' });
    await expect(details.getByText(os.release(), { exact: false })).toBeVisible();
    await expect(details.getByRole('meter').first()).toBeVisible();
    await expect(details.getByText('As of', { exact: false })).toBeVisible();
    await expect(page).toHaveURL(`${server.url}/computers/${id}`);
    await expectAccessible(page, 'the details');
    await details.getByRole('button', { name: 'Close details' }).click();
    await expect(details).toHaveCount(0);

    // A neighbour that sleeps is woken by it; one in another network has no such menu item.
    server.sql(`UPDATE computer SET sites = (SELECT sites FROM computer WHERE id = '${id}'), address = (SELECT address FROM computer WHERE id = '${id}'), inventory_at = 1,
      inventory = (SELECT inventory FROM computer WHERE id = '${id}') WHERE name = 'SHOWROOM'`);
    await page.reload();
    await computer(page, 'MEETING-ROOM-3').getByRole('button', { name: 'More', exact: true }).click();
    await expect(page.getByRole('menuitem', { name: 'Details' })).toBeVisible();
    await expect(page.getByRole('menuitem', { name: 'Wake' })).toHaveCount(0);
    await page.keyboard.press('Escape');
    await computer(page, 'SHOWROOM').getByRole('button', { name: 'More', exact: true }).click();
    await page.getByRole('menuitem', { name: 'Details' }).click();
    const asleep = page.getByRole('complementary', { name: 'SHOWROOM' });
    await expect(asleep.getByText('KITCHEN stands in the same network and can wake it.')).toBeVisible();
    await asleep.getByRole('button', { name: 'Wake' }).click();
    await expect(page.getByText('KITCHEN has sent SHOWROOM the signal to wake.')).toBeVisible();
    await page.goBack();

    // With somebody at its screen the policy may want them asked.
    const admin = await person(browser);
    await logIn(admin, server, boss);
    const policy = async (way: string) => {
      await admin.goto(`${server.url}/admin/policies`);
      await admin.getByRole('combobox', { name: 'When somebody is logged in at an unattended computer' }).click();
      await admin.getByRole('option', { name: way }).click();
      await admin.getByRole('button', { name: 'Save changes' }).click();
      await expect(admin.getByText('Policies saved')).toBeVisible();
    };
    await policy('Ask them; no answer is a no');
    await page.goto(`${server.url}/computers`);
    await computer(page, 'KITCHEN').getByRole('button', { name: 'Connect', exact: true }).click();
    await answer(desktop, 'deny');
    await expect(page.getByText('The end-user denied access.', { exact: false })).toBeVisible();
    await policy('Tell them, and connect');
    await admin.context().close();
    await page.goto(`${server.url}/computers`);

    const viewer = await person(browser);
    await logIn(viewer, server);
    await viewer.goto(`${server.url}/computers`);
    await computer(viewer, 'KITCHEN').getByRole('button', { name: 'Connect', exact: true }).click();
    await picture(viewer);
    await desktop.ownWindow('notice');
    await computer(page, 'KITCHEN').getByRole('button', { name: 'More', exact: true }).click();
    await page.getByRole('menuitem', { name: 'Remove' }).click();
    await page.getByRole('dialog', { name: 'Remove KITCHEN?' }).getByRole('button', { name: 'Remove' }).click();
    await expect(computer(page, 'KITCHEN')).toHaveCount(0);
    await expect(viewer.getByText('The computer was removed.', { exact: false })).toBeVisible();
    expect(await client.ended()).toBe(3);
    await viewer.context().close();
  } finally {
    await desktop.stop();
  }
});
