// What the benchmarks in the browser print.
const quantile = (list: number[], q: number) => list.toSorted((a, b) => a - b)[Math.min(list.length - 1, Math.floor(list.length * q))]!;
export const ms = (n: number) => `${n.toFixed(0)} ms`;

export const print = (name: string, list: number[]): void =>
  console.log(`${name.padEnd(52)} p50 ${ms(quantile(list, 0.5))}  p95 ${ms(quantile(list, 0.95))}  max ${ms(Math.max(...list))}  (${list.length})`);
