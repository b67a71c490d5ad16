import { screen, waitFor } from '@testing-library/react';
import { describe, expect, it } from 'vitest';
import { openPortal } from '@/lib/test/portal';

const menu = () => screen.getAllByRole('navigation', { name: 'Main' })[0]?.textContent;

describe('the portal', () => {
  it('begins with what each role works on', async () => {
    await openPortal('/', 'customer');
    expect(await screen.findByText('2 of 3 machines are protected as asked')).toBeTruthy();
    expect(menu()).toBe('OverviewMachinesAppliancesSitesInvoice');
  });

  it('shows the platform owner MSPs and asks for nothing inside them', async () => {
    const { fake } = await openPortal('/', 'owner');
    expect(await screen.findByRole('heading', { level: 1, name: 'MSPs' })).toBeTruthy();
    expect(menu()).toBe('MSPs');
    expect(fake.seen.filter((operation) => /Vms|Appliances|Customers|Sites/.test(operation))).toEqual([]);
  });

  it('shows billing people money only', async () => {
    const { fake } = await openPortal('/', 'billing');
    expect(await screen.findByRole('heading', { level: 1, name: 'Wholesale' })).toBeTruthy();
    expect(menu()).toBe('RetailWholesale');
    expect(fake.seen).not.toContain('listVms');
  });

  it('hides invoices from a viewer', async () => {
    const { fake } = await openPortal('/', 'viewer');
    await screen.findByTestId('headline');
    expect(menu()).toBe('OverviewMachinesAppliancesSites');
    expect(fake.seen).not.toContain('previewCustomerInvoice');
  });

  it('asks to sign in again when the session has ended, and forgets what was read', async () => {
    const { fake } = await openPortal('/', 'customer');
    await screen.findByTestId('headline');
    fake.identity.endSessions();
    fake.emit({ type: 'vm' });
    expect(await screen.findByRole('heading', { name: 'Your session has ended' })).toBeTruthy();
    expect(screen.queryByText('patient-records')).toBeNull();
  });

  it('says that it reads by time when the stream is down', async () => {
    await openPortal('/', 'customer', ({ faults }) => (faults.eventsDown = true));
    await screen.findByTestId('headline');
    await waitFor(() => expect(screen.getByText('Every 30 s')).toBeTruthy(), { timeout: 5000 });
  });

  it('says what works without the control plane when it does not answer', async () => {
    await openPortal('/', 'customer', ({ faults }) => (faults.apiDown = true));
    const alert = await screen.findByRole('alert', undefined, { timeout: 8000 });
    expect(alert.textContent).toContain('The control plane does not answer');
    expect(alert.textContent).toContain('restores on your appliances do not depend on it');
  });

  it('leads back from an address that leads nowhere', async () => {
    await openPortal('/no/such/page', 'customer');
    expect(await screen.findByRole('heading', { level: 1, name: 'No such page' })).toBeTruthy();
  });

  it('asks for nothing that a role may not have', async () => {
    for (const who of ['customer', 'viewer', 'msp', 'billing', 'owner', 'newcomer']) {
      const { fake, router } = await openPortal('/', who);
      await waitFor(() => expect(fake.seen.length).toBeGreaterThan(2));
      await waitFor(() => expect(screen.queryAllByText(/not allowed/i)).toHaveLength(0));
      expect(router.state.errors).toBeNull();
    }
  });
});
