// Prints what a first visit downloads and fails the build when it outgrows its budget.
import { readdirSync, readFileSync } from 'node:fs';
import { gzipSync } from 'node:zlib';

const BUDGET_KIB = 260;

const assets = new URL('../dist/assets/', import.meta.url);
let total = 0;
for (const name of readdirSync(assets)) {
  const size = gzipSync(readFileSync(new URL(name, assets)), { level: 9 }).length;
  total += size;
  console.log(`${(size / 1024).toFixed(1).padStart(8)} KiB gzip  ${name}`);
}
console.log(`${(total / 1024).toFixed(1).padStart(8)} KiB gzip  in all, of ${BUDGET_KIB}`);
if (total > BUDGET_KIB * 1024) {
  console.error('The portal outgrew its budget: find out what grew before raising it.');
  process.exit(1);
}
