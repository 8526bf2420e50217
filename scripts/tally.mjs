// Adds up what the runners reported and prints one line: N passed, N failed, N skipped.
import fs from 'node:fs';
import path from 'node:path';

const dir = process.argv[2];
const read = (name) => fs.readFileSync(path.join(dir, name), 'utf8');
const total = { passed: 0, failed: 0, skipped: 0 };
const add = (passed, failed, skipped) => {
  total.passed += passed;
  total.failed += failed;
  total.skipped += skipped;
};

const vitest = JSON.parse(read('vitest.json'));
add(vitest.numPassedTests, vitest.numFailedTests, vitest.numPendingTests + vitest.numTodoTests);

const suites = [...read('go.xml').matchAll(/<testsuite [^>]*>/g)].map(([s]) => (k) => Number(s.match(new RegExp(`${k}="(\\d+)"`))?.[1] ?? 0));
for (const n of suites) add(n('tests') - n('failures') - n('errors') - n('skipped'), n('failures') + n('errors'), n('skipped'));

const { stats } = JSON.parse(read('e2e.json'));
add(stats.expected + stats.flaky, stats.unexpected, stats.skipped);

console.log(`${total.passed} passed, ${total.failed} failed, ${total.skipped} skipped`);
process.exit(total.failed || !total.passed ? 1 : 0);
