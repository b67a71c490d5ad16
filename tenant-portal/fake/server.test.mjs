import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startFake } from './server.mjs';

let fake;
beforeAll(async () => {
  fake = await startFake();
});
afterAll(() => fake.close());

const ask = (who, path) =>
  fetch(`${fake.url}/api/v1${path}`, { headers: { authorization: `Bearer ${fake.identity.tokenFor(who)}` } });

describe('the fake', () => {
  it.each([
    ['customer', '/me'],
    ['owner', '/msps'],
    ['msp', '/customers'],
    ['msp', '/sites'],
    ['msp', '/appliances'],
    ['msp', '/vms'],
    ['msp', '/policies'],
    ['msp', '/restore-points?limit=200'],
    ['customer', '/customers/0198c2f0-5d3a-7b01-9b1e-000000000001/licence'],
    ['customer', '/customers/0198c2f0-5d3a-7b01-9b1e-000000000001/usage-records?limit=200'],
    ['customer', '/customers/0198c2f0-5d3a-7b01-9b1e-000000000001/invoice-preview?period=2026-11'],
    ['msp', '/msps/0198c2f0-5d3a-7a01-9b1e-000000000001/invoice-preview?period=2026-11'],
  ])('answers %s on %s as the contract says', async (who, path) => {
    const response = await ask(who, path);
    expect(await response.json()).not.toHaveProperty('detail');
    expect(response.status).toBe(200);
  });

  it('refuses as the control plane does', async () => {
    expect((await fetch(`${fake.url}/api/v1/me`)).status).toBe(401);
    expect((await ask('viewer', '/msps')).status).toBe(403);
    expect((await ask('customer', '/vms?customerId=0198c2f0-5d3a-7b01-9b1e-000000000002')).status).toBe(404);
    expect((await ask('customer', '/vms?colour=blue')).status).toBe(400);
  });

  it('notices an answer that breaks the contract', () => {
    const { operation } = fake.contract.find('GET', '/me');
    expect(fake.contract.check(operation, 200, { subject: 1 })).not.toEqual([]);
  });
});
