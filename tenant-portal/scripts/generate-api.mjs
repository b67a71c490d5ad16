// Writes src/lib/api/schema.d.ts from the contract. The output is not committed: the contract is the one truth.
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import openapiTS, { astToString } from 'openapi-typescript';

const contract = new URL(
  '../../control-cloud/api/src/main/resources/api/openapi.yaml',
  import.meta.url,
);
const output = new URL('../src/lib/api/schema.d.ts', import.meta.url);

if (!existsSync(contract)) {
  console.error(`The contract ${fileURLToPath(contract)} is missing; the API types come from it.`);
  process.exit(1);
}
const text =
  '// Generated from control-cloud/api/src/main/resources/api/openapi.yaml by npm run api. Do not edit.\n' +
  astToString(await openapiTS(contract));
mkdirSync(new URL('.', output), { recursive: true });
if (!existsSync(output) || readFileSync(output, 'utf8') !== text) {
  writeFileSync(output, text);
  console.log('Wrote src/lib/api/schema.d.ts');
}
