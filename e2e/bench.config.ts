import { defineConfig } from '@playwright/test';
import tests from './playwright.config.ts';

// What is measured in a real browser with the real server, one after the other; `make bench` prints it.
export default defineConfig({ ...tests, testDir: 'bench', workers: 1, reporter: 'dot', use: { ...tests.use, trace: 'off' } });
