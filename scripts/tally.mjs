// Adds up what the runners reported and prints, at the end where one looks first, what failed with the beginning of why, and one
// line: N passed, N failed, N skipped. A runner whose build fails has no report; "whole" says that each must have one.
import fs from 'node:fs';
import path from 'node:path';
import { stripVTControlCharacters } from 'node:util';

const LINES = 12; // of each failure
const [dir, whole] = process.argv.slice(2);
const read = (name) => (whole || fs.existsSync(path.join(dir, name)) ? fs.readFileSync(path.join(dir, name), 'utf8') : '');
const total = { passed: 0, failed: 0, skipped: 0 };
const add = (passed, failed, skipped) => {
  total.passed += passed;
  total.failed += failed;
  total.skipped += skipped;
};
const tell = (name, why) => {
  const text = stripVTControlCharacters(why).split('\n').filter((line) => line.trim()).slice(0, LINES);
  console.log([`FAILED ${name}`, ...text].join('\n    '));
};

const vitest = JSON.parse(read('vitest.json') || '{"testResults":[]}');
add(vitest.numPassedTests ?? 0, vitest.numFailedTests ?? 0, (vitest.numPendingTests ?? 0) + (vitest.numTodoTests ?? 0));
for (const file of vitest.testResults) for (const one of file.assertionResults) if (one.status === 'failed') tell(`${path.basename(file.name)}: ${one.fullName}`, one.failureMessages.join('\n'));

const go = read('go.xml') + read('wine.xml');
const suites = [...go.matchAll(/<testsuite [^>]*>/g)].map(([s]) => (k) => Number(s.match(new RegExp(`${k}="(\\d+)"`))?.[1] ?? 0));
for (const n of suites) add(n('tests') - n('failures') - n('errors') - n('skipped'), n('failures') + n('errors'), n('skipped'));
const plain = (xml) => xml.replace(/&#(x?)([\da-fA-F]+);/g, (_, hex, n) => String.fromCodePoint(Number.parseInt(n, hex ? 16 : 10))).replace(/&(lt|gt|quot|amp);/g, (_, e) => ({ lt: '<', gt: '>', quot: '"', amp: '&' })[e]);
for (const [, name, why] of go.matchAll(/<testcase [^>]*\bname="([^"]*)"[^>]*>\s*<failure [^>]*>([^<]*)/g)) tell(plain(name), plain(why));

const e2e = JSON.parse(read('e2e.json') || '{"stats":{"expected":0,"flaky":0,"unexpected":0,"skipped":0},"suites":[]}');
add(e2e.stats.expected + e2e.stats.flaky, e2e.stats.unexpected, e2e.stats.skipped);
const specs = (suite) => [...(suite.specs ?? []), ...(suite.suites ?? []).flatMap(specs)];
for (const spec of e2e.suites.flatMap(specs)) if (!spec.ok) tell(`${spec.file}: ${spec.title}`, spec.tests.flatMap((t) => t.results.flatMap((r) => r.errors.map((e) => e.message))).join('\n'));

console.log(`${total.passed} passed, ${total.failed} failed, ${total.skipped} skipped`);
process.exit(total.failed || !total.passed ? 1 : 0);
