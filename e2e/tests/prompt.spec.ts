// The command prompt: a real shell in the browser, as a terminal on the computer would be.
import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { expect, type Locator, type Page, test } from '@playwright/test';
import { answer, startFromLink, startUnattended } from '../harness/client.ts';
import { logIn, picture } from '../harness/console.ts';
import { Desktop } from '../harness/desktop.ts';
import { AGENT, Server } from '../harness/server.ts';

let server: Server;
let desktop: Desktop;

test.beforeAll(async () => {
  server = await Server.start();
  desktop = await Desktop.start();
  startUnattended(desktop, server);
});

test.afterAll(async () => {
  await desktop?.stop();
  await server?.stop();
});

const press = (page: Page, name: string) => page.getByRole('button', { name, exact: true });
/** The lines that are seen, without the space at their ends. */
const lines = (screen: Locator) => screen.locator('.xterm-rows > div').evaluateAll((rows) => rows.map((row) => (row.textContent ?? '').replaceAll('\u00a0', ' ').trimEnd()));
const shown = async (page: Page) => (await lines(page.locator('#prompt-stage'))).join('\n').trimEnd();
const shows = (page: Page, text: string | RegExp) => expect.poll(() => shown(page), { timeout: 15_000 }).toMatch(text);
const run = async (page: Page, command: string) => {
  await page.keyboard.type(command);
  await page.keyboard.press('Enter');
};

/** Opens the computer's first prompt, with a prompt of the shell's that tests know. */
async function openPrompt(page: Page): Promise<void> {
  await logIn(page, server);
  await page.getByRole('link', { name: 'Remote Computers' }).click();
  await press(page, 'Open a command prompt').click();
  await plain(page);
}

async function plain(page: Page): Promise<void> {
  await shows(page, /[$#>] ?$/);
  await run(page, `PS1='ready> '; cd ${desktop.home}; clear`); // not in the home of who runs the tests
  await shows(page, /^ready>$/);
}

// The first one: a session of prompts is in the log when the agent's last prompt on that computer has ended.
test('what a prompt showed is in the log', async ({ page, context }) => {
  await openPrompt(page);
  const file = path.join(desktop.home, 'seen.txt');
  await run(page, `echo for the record > ${file}; cat ${file}`);
  await shows(page, /^for the record$/m);
  expect(fs.readFileSync(file, 'utf8')).toBe('for the record\n');
  const log = await context.newPage();
  await log.goto(`${server.url}/logs?type=command-prompt`);
  await expect(log.getByText('No session matches')).toBeVisible();
  await run(page, 'exit');
  await expect(page.getByText('The command prompt has ended.')).toBeVisible();
  await page.close();
  page = log; // where it has come by itself
  await page.getByRole('row').filter({ hasText: AGENT.name }).getByRole('link').click();
  await press(page, 'Show the transcript').first().click();
  const transcript = page.getByRole('region', { name: /^Transcript of/ });
  await expect(transcript).toContainText('ready> exit');
  await page.getByRole('searchbox', { name: 'Search the transcript' }).fill('for the record');
  await expect(transcript).toHaveText(/^[^]*for the record$/);
  await expect(page.getByText(/lines? found$/)).toBeVisible();
  const download = page.waitForEvent('download');
  await page.getByRole('link', { name: 'Download', exact: true }).click();
  expect(fs.readFileSync(await (await download).path(), 'utf8')).toContain('for the record');
  await press(page, 'Hide the transcript').click();
  await expect(transcript).toBeHidden();
});

test('what one types, an editor, a flood, a new size, every script, and what a hostile program tries', async ({ page }) => {
  const reports: string[] = [];
  page.on('console', (message) => { if (/Content Security Policy|TrustedHTML|TrustedScript/i.test(message.text())) reports.push(message.text()); });
  await openPrompt(page);
  await run(page, 'echo "one two" | tr o 0');
  await shows(page, /^0ne tw0$/m);

  await run(page, 'vi note.txt');
  await shows(page, /^~$/m);
  await page.keyboard.type('ihello from vim');
  await page.keyboard.press('Escape');
  await run(page, ':wq');
  await shows(page, /^ready> vi note.txt\nready>$/m); // before, the editor would take what is typed
  await run(page, 'clear; cat note.txt');
  await shows(page, /^ready> ?clear; cat note.txt\nhello from vim|^hello from vim$/m);

  await run(page, 'clear; yes | head -c 20M | tail -c 20; echo; echo flood is over');
  await shows(page, /^flood is over$/m);
  await run(page, 'yes');
  await shows(page, /^y\ny\ny$/m);
  await page.keyboard.press('Control+c');
  await shows(page, /\^C\nready>$/);

  const height = () => page.locator('#prompt-stage .xterm-rows > div').count();
  const before = await height();
  await page.setViewportSize({ width: 900, height: 500 });
  await expect.poll(height).toBeLessThan(before);
  const size = async () => {
    const rows = await height();
    await run(page, 'clear; stty size');
    return rows;
  };
  await shows(page, new RegExp(`^${await size()} \\d+$`, 'm'));
  await page.setViewportSize({ width: 1440, height: 900 });

  await page.keyboard.insertText("clear; printf '%s\\n' 'é ß € 漢字 😀 ñ Ж'");
  await page.keyboard.press('Enter');
  await shows(page, /^é ß € ?漢 ?字 😀 ?ñ Ж|é ß € 漢字 😀 ñ Ж$/m);

  await run(page, "clear; printf '\\033]0;<img src=x onerror=alert(1)>\\007\\033]52;c;ZXZpbA==\\007\\033[21t\\033P$qm\\033\\\\\\033[>q'; sleep 0.2; echo; echo calm");
  await expect(page.getByRole('tab', { name: '<img src=x onerror=alert(1)>' })).toBeVisible();
  await shows(page, /^calm\nready>$/m); // nothing was typed by an answer
  expect(reports).toEqual([]);
});

test('programs that draw the whole screen, and a reload in the middle of each', async ({ page }) => {
  const again = async () => {
    await page.reload();
    await shows(page, /\S/);
  };
  const above = async () => (await shown(page)).split('\n').slice(0, -1); // the last line may tell the time
  const same = async () => {
    let text = await above();
    await expect.poll(async () => { // nothing is being drawn any more
      const before = text;
      text = await above();
      return before.join() === text.join();
    }, { intervals: [300] }).toBe(true);
    await again();
    await expect.poll(above).toEqual(text);
  };
  await openPrompt(page);

  await run(page, 'top -d 0.5');
  const header = async () => (await lines(page.locator('#prompt-stage')))[0] ?? '';
  const refreshes = async () => {
    const whole = /^top - (\d\d:\d\d:\d\d) up .*load average/;
    const time = async () => whole.exec(await header())?.[1];
    let first: string | undefined;
    await expect.poll(async () => { first = await time(); return first; }).toBeTruthy();
    await expect.poll(async () => { const next = await time(); return next !== undefined && next !== first; }).toBe(true);
    await shows(page, /^%Cpu\(s\):.* id,.*\n[^]*^ +PID USER .* COMMAND$/m);
  };
  await refreshes();
  await again();
  await refreshes();
  await page.keyboard.press('q');
  await shows(page, /^ready>$/m);
  await run(page, 'clear; echo top is over');
  await shows(page, /^top is over\nready>$/m);

  await run(page, 'vi -u NONE -N whole.txt');
  await shows(page, /^~$/m);
  await page.keyboard.type('ifirst\nlast');
  await page.keyboard.press('Escape');
  await shows(page, /^first\nlast\n(~\n)+~$/);
  await page.keyboard.type('kI');
  await shows(page, /^first\nlast\n(~\n)+-- INSERT --$/);
  await same();
  await shows(page, /^-- INSERT --$/m);
  await page.keyboard.type('the ');
  await shows(page, /^the first\nlast\n~\n/);
  await page.keyboard.press('Escape');
  await run(page, ':wq');
  await shows(page, /^top is over\nready> vi -u NONE -N whole.txt\nready>$/);

  const tmux = ['-f', '/dev/null', '-S', path.join(desktop.home, 'tmux')];
  try {
    await run(page, `tmux ${tmux.join(' ')} start-server \\; set -g default-command "PS1='pane> ' exec bash --norc" \\; new -s work`);
    const status = /\n\[work\] 0:bash\* .*\d\d:\d\d \d\d-\w{3}-\d\d$/;
    await shows(page, /^pane>\n/);
    await shows(page, status);
    await page.keyboard.press('Control+b');
    await page.keyboard.type('%');
    await shows(page, /^pane> +│pane>\n( +│\n)+/);
    await page.keyboard.press('Control+b');
    await page.keyboard.type('"');
    await shows(page, /\n +├─+\n +│pane>\n/);
    await run(page, 'echo below to the right');
    await shows(page, /\n +│pane> echo below to the right\n +│below to the right\n +│pane>\n/);
    await same();
    await shows(page, status);
    await page.keyboard.press('Control+b');
    await page.keyboard.press('ArrowLeft');
    await run(page, 'tput colors; printf "\\033[1;31mred\\033[0m\\n"');
    await shows(page, /^256 +│/m);
    await shows(page, /^red +│/m);
    await page.keyboard.press('Control+b');
    await page.keyboard.type('d');
    await shows(page, /^\[detached \(from session work\)\]\nready>$/m);
    await run(page, `clear; tmux ${tmux.join(' ')} attach`);
    await shows(page, /^red +│/m);
    await shows(page, /│below to the right\n/);
    await shows(page, status);
  } finally {
    spawnSync('tmux', [...tmux, 'kill-server']);
  }
  await shows(page, /^\[server exited\]\nready>$/m);
});

test('after a reload and after the server’s restart all is where it was', async ({ page }) => {
  await openPrompt(page);
  await run(page, 'for i in 1 2 3 4 5 6 7 8 9; do echo line $i of many; done');
  await shows(page, /line 9 of many\nready>$/);
  const text = await shown(page);
  await page.reload();
  await expect.poll(() => shown(page)).toBe(text);
  await run(page, 'echo still $((40+2))');
  await shows(page, /^still 42$/m);

  await server.process.stop();
  await expect(page.getByText('Connection lost, reconnecting')).toBeVisible();
  await server.up();
  await expect(page.getByText('Connection lost, reconnecting')).toBeHidden({ timeout: 30_000 });
  await run(page, 'echo back $((6*7))');
  await shows(page, /^still 42\nready> echo back \$\(\(6\*7\)\)\nback 42\nready>$/m);
});

test('tabs: another shell, what runs is asked about, one that ended opens again', async ({ page }) => {
  await openPrompt(page);
  await press(page, 'Choose a shell').click();
  await page.getByRole('menuitem', { name: '/bin/sh', exact: true }).click();
  await shows(page, /[$#] ?$/);
  await run(page, 'exec sleep 300');
  await page.keyboard.press('Control+Alt+Shift');
  await expect(page.getByRole('tab', { selected: true })).toBeFocused();
  await page.keyboard.press('ArrowLeft');
  await page.keyboard.press('Enter');
  await run(page, 'exit 3');
  await expect(page.getByText('The shell has ended with exit code 3.')).toBeVisible();
  await press(page, 'Open again').click();
  await plain(page);
  await run(page, 'exit');
  await expect(page.getByText('The command prompt has ended.')).toBeVisible();
  await page.getByRole('alert').getByRole('button', { name: 'Close', exact: true }).click();
  await expect(page.getByRole('tab')).toHaveCount(1);
  await page.getByRole('link', { name: 'Back to Remote Computers' }).click();
  await press(page, 'More').first().click();
  const elsewhere = page.waitForEvent('popup');
  await page.getByRole('menuitem', { name: 'Open a command prompt in a new tab', exact: true }).click();
  await plain(await elsewhere);
});

test('search, copy and paste, the size of the text', async ({ page, context }) => {
  await context.grantPermissions(['clipboard-read', 'clipboard-write']);
  await openPrompt(page);
  await run(page, 'echo needle in hay; echo another needle');
  await shows(page, /^another needle$/m);
  await press(page, 'Search the terminal').click();
  await page.getByRole('searchbox', { name: 'Search' }).fill('needle');
  await expect(page.getByText(/^\d of 4$/)).toBeVisible();
  await press(page, 'Next match above').click();
  await expect(page.getByText('3 of 4')).toBeVisible();
  await press(page, 'Next match below').click();
  await expect(page.getByText('4 of 4')).toBeVisible();
  await press(page, 'Close the search').click();

  const line = page.locator('#prompt-stage .xterm-rows > div').filter({ hasText: /^another needle/ });
  await line.dblclick({ position: { x: 12, y: 8 }, force: true }); // the terminal takes the mouse above its lines
  await page.keyboard.press('Control+Shift+C');
  await expect.poll(() => page.evaluate(() => navigator.clipboard.readText())).toBe('another');

  const paste = (text: string) => page.evaluate((pasted) => {
    const data = new DataTransfer();
    data.setData('text/plain', pasted);
    document.activeElement!.dispatchEvent(new ClipboardEvent('paste', { clipboardData: data, bubbles: true, cancelable: true }));
  }, text);
  await run(page, 'clear');
  await paste('echo first\necho second\n');
  await expect(page.getByRole('dialog', { name: 'Paste 2 lines?' })).toBeVisible();
  await press(page, 'Cancel').click();
  await expect(page.getByRole('dialog')).toBeHidden();
  await page.locator('.xterm-helper-textarea').focus();
  await paste('echo first\necho second\n');
  await press(page, 'Paste').click();
  await page.keyboard.press('Enter');
  await shows(page, /^first$/m);
  await shows(page, /^second$/m);

  const count = () => page.locator('#prompt-stage .xterm-rows > div').count();
  const rows = await count();
  await press(page, 'More').click();
  for (let i = 0; i < 4; i++) await page.getByRole('menuitem', { name: /^Larger text/ }).click();
  await expect.poll(count).toBeLessThan(rows);
  await page.getByRole('menuitem', { name: /^Smaller text/ }).click();
  await page.getByRole('menuitem', { name: /^Normal text size/ }).click();
  await expect.poll(count).toBe(rows);
  await press(page, 'More').click();
  await page.getByRole('menuitemcheckbox', { name: 'For a screen reader' }).click();
  await expect(page.locator('.xterm-accessibility')).toBeAttached();
  await page.keyboard.press('Escape');
  await press(page, 'More').click();
  await page.getByRole('menuitem', { name: 'Clear the terminal', exact: true }).click();
  await shows(page, /^ready>$/);
});

test('fifty at once', async ({ page }) => {
  await openPrompt(page);
  for (let i = 0; i < 49; i++) await press(page, 'New command prompt').click();
  await expect(page.getByRole('tab')).toHaveCount(50);
  await page.keyboard.press('Control+Alt+Shift');
  for (const key of ['End', 'Home', 'ArrowLeft', 'ArrowLeft']) {
    await page.keyboard.press(key);
    await page.keyboard.press('Enter');
    await run(page, 'echo here $((6*7))');
    await shows(page, /^here 42$/m);
    await page.keyboard.press('Control+Alt+Shift');
  }
  await page.reload();
  await expect(page.getByRole('tab')).toHaveCount(50);
  await shows(page, /^here 42$/m);
  await run(page, 'echo again $((7*7))');
  await shows(page, /^again 49$/m);
});

test('on a telephone, with the keys that it lacks', async ({ browser }) => {
  const context = await browser.newContext({ locale: 'en-GB', viewport: { width: 360, height: 740 }, hasTouch: true, isMobile: true });
  const page = await context.newPage();
  await logIn(page, server);
  await page.goto(`${server.url}/computers`);
  await press(page, 'Open a command prompt').click();
  await plain(page);
  await run(page, 'echo first');
  await press(page, 'Up').tap();
  await press(page, 'Left').tap();
  await page.keyboard.type('X');
  await press(page, 'Right').tap();
  await press(page, 'Down').tap();
  await run(page, 'ech');
  await press(page, 'Esc').tap();
  await press(page, 'Tab').tap();
  await press(page, 'Ctrl').tap();
  await page.keyboard.type('c');
  await shows(page, /ready>$/);
  await context.close();
});

test('in a session, when the end-user allows it', async ({ page }) => {
  await logIn(page, server);
  await startFromLink(desktop, server, '77', 'Prompted');
  const row = page.getByRole('row').filter({ hasText: 'Prompted' });
  await row.getByRole('button', { name: 'Connect', exact: true }).click();
  await answer(desktop, 'control');
  await picture(page);
  await press(page, 'Open a command prompt').click();
  await expect(page.getByText('Asking Prompted to allow a command prompt')).toBeVisible();
  await answer(desktop, 'allow');
  await plain(page);
  await run(page, 'echo below the picture');
  await shows(page, /^below the picture$/m);
  await press(page, 'Hide the command prompts').click();
  await expect(page.locator('#prompt-stage')).toBeHidden();
  await press(page, 'Open a command prompt').click();
  await shows(page, /^below the picture$/m);
  await run(page, "printf '\\033]0;\\007'; sleep 300"); // without a title, it is called by its program
  await expect(page.getByRole('tab', { name: 'sleep', exact: true })).toBeVisible();
  await press(page, 'Close sleep').click();
  await expect(page.getByRole('dialog')).toContainText('sleep is still running');
  await press(page, 'Close and end it').click();
  await expect(page.getByText('No command prompt is open')).toBeVisible();
});
