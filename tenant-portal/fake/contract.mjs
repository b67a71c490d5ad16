// openapi.yaml as the fake uses it: which operation a request is, who may call it, and whether an answer obeys it.
import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import Ajv2020 from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';
import { parse } from 'yaml';

const HERE = dirname(fileURLToPath(import.meta.url));
const FILE = join(HERE, '../../control-cloud/api/src/main/resources/api/openapi.yaml');

let contract;

/** Read once: parsing and compiling it takes longer than most tests. */
export function readContract() {
  contract ??= makeContract();
  return contract;
}

function makeContract() {
  const document = parse(readFileSync(FILE, 'utf8'));
  const ajv = new Ajv2020({ strict: false, allErrors: true });
  addFormats(ajv);
  for (const format of ['int32', 'int64']) ajv.addFormat(format, { type: 'number', validate: Number.isInteger });
  ajv.addSchema(document, 'api');
  const operations = operationsOf(document);
  return {
    operationIds: operations.map(({ id }) => id),
    /** The operation of a request with its path parameters, or undefined. */
    find: (method, path) => find(operations, method, path),
    /** What is wrong with an answer; an empty list when nothing is. */
    check: (operation, status, body) => check(ajv, document, operation, status, body),
  };
}

function operationsOf(document) {
  const operations = [];
  for (const [path, item] of Object.entries(document.paths)) {
    const shared = item.parameters ?? [];
    for (const [method, operation] of Object.entries(item)) {
      if (method === 'parameters') continue;
      const names = [];
      const pattern = path.replace(/\{(\w+)\}/g, (_, name) => {
        names.push(name);
        return '([^/]+)';
      });
      const parameters = [...shared, ...(operation.parameters ?? [])].map((each) => resolve(document, each));
      operations.push({
        id: operation.operationId, method, pattern: new RegExp(`^${pattern}$`), names, roles: operation['x-roles'],
        open: operation.security?.length === 0, responses: operation.responses,
        query: parameters.filter((each) => each.in === 'query'),
      });
    }
  }
  return operations;
}

function find(operations, method, path) {
  for (const operation of operations) {
    const match = operation.method === method.toLowerCase() ? operation.pattern.exec(path) : null;
    if (!match) continue;
    const params = Object.fromEntries(operation.names.map((name, i) => [name, decodeURIComponent(match[i + 1])]));
    return { operation, params };
  }
  return undefined;
}

function check(ajv, document, operation, status, body) {
  const response = resolve(document, operation.responses[status] ?? operation.responses.default);
  if (!response) return [`${operation.id} has no answer ${status}`];
  const schema = response.content?.['application/json']?.schema ?? response.content?.['application/problem+json']?.schema;
  if (!schema) return [];
  const validate = ajv.compile({ $ref: `api${schema.$ref}` });
  return validate(body) ? [] : validate.errors.map(({ instancePath, message }) => `${operation.id}: ${instancePath} ${message}`);
}

function resolve(document, node) {
  if (!node?.$ref) return node;
  return node.$ref.slice(2).split('/').reduce((at, key) => at[key], document);
}
