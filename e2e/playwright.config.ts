import { defineConfig } from '@playwright/test';

const json = process.env.PLAYWRIGHT_JSON_OUTPUT_NAME;

// Each file has a server, a display and ports of its own, and waits more than it computes: two run beside each other.
export default defineConfig({
  testDir: 'tests',
  testIgnore: process.env.SCREENSHOTS ? [] : ['screenshots.spec.ts'], // SCREENSHOTS=1 draws docs/screenshots anew
  workers: 2,
  timeout: 90_000,
  expect: { timeout: 15_000 },
  reporter: json ? [['list'], ['json', { outputFile: json }]] : 'list',
  use: {
    browserName: 'chromium',
    viewport: { width: 1440, height: 900 },
    locale: 'en-GB',
    launchOptions: {
      executablePath: '/usr/bin/chromium',
      args: ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking', '--disable-component-update', '--disable-sync'],
    },
    trace: 'retain-on-failure',
  },
});
