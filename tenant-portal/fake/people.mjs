import { uuid } from './data.mjs';

const msp = { mspId: uuid('a01', 1), mspName: 'Northwind IT Services' };
const dental = { kind: 'customers', ...msp, customerIds: [uuid('b01', 1)] };

const person = (username, roles, scope) => [username, { subject: `sub-${username}`, username, roles, scope }];

/** One account for each kind of reader. */
export const people = Object.fromEntries([
  person('owner', ['platform-admin'], { kind: 'platform' }),
  person('msp', ['msp-admin'], { kind: 'msp', ...msp }),
  person('billing', ['msp-billing'], { kind: 'msp', ...msp }),
  person('customer', ['customer-admin'], dental),
  person('viewer', ['customer-viewer'], dental),
  person('newcomer', ['customer-admin'], { kind: 'customers', ...msp, customerIds: [uuid('b01', 3)] }),
]);
