import { screen, waitFor, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { describe, expect, it } from 'vitest';
import { openPortal } from '@/lib/test/portal';

describe('the machines page', () => {
  it('shows a customer its machines, with what is wrong and why', async () => {
    await openPortal('/machines', 'customer');
    const table = await screen.findByRole('table', { name: 'Virtual machines' });
    expect(within(table).getAllByRole('row')).toHaveLength(4);
    const row = within(table).getByRole('row', { name: /x-ray-import/ });
    expect(within(row).getByText('Not protected')).toBeTruthy();
    expect(screen.queryByText('dispatch-db')).toBeNull();
  });

  it('narrows to what no policy covers', async () => {
    await openPortal('/machines', 'msp');
    const user = userEvent.setup();
    await screen.findByText('dispatch-db');
    await user.selectOptions(screen.getByLabelText('Show'), 'Not protected');
    await waitFor(() => expect(screen.queryByText('dispatch-db')).toBeNull());
    expect(screen.getByText('x-ray-import')).toBeTruthy();
  });

  it('narrows a portfolio to one customer and keeps it in the address', async () => {
    const { router } = await openPortal('/machines', 'msp');
    const user = userEvent.setup();
    await screen.findByText('patient-records');
    await user.selectOptions(await screen.findByLabelText('Customer'), 'Bright Harbour Logistics');
    await waitFor(() => expect(screen.queryByText('patient-records')).toBeNull());
    expect(router.state.location.search).toContain('customer=');
  });

  it('says what to do when there is no machine yet', async () => {
    await openPortal('/machines', 'customer', undefined, true);
    expect(await screen.findByText('No machine seen yet')).toBeTruthy();
  });

  it('says what broke and lets a person try again', async () => {
    const { fake } = await openPortal('/machines', 'customer', ({ faults }) => (faults.refuse['listVms'] = 403));
    const alert = await screen.findByRole('alert');
    expect(alert.textContent).toContain('Could not read machines');
    expect(alert.textContent).toContain('SD-2000');
    delete fake.faults.refuse['listVms'];
    await userEvent.click(within(alert).getByRole('button', { name: 'Try again' }));
    expect(await screen.findByText('patient-records')).toBeTruthy();
  });

  it('keeps the last list on screen when reading it again fails', async () => {
    const { fake } = await openPortal('/machines', 'customer');
    await screen.findByText('patient-records');
    fake.faults.refuse['listVms'] = 403;
    fake.emit({ type: 'vm' });
    expect((await screen.findByRole('alert')).textContent).toContain('may be out of date');
    expect(screen.getByText('patient-records')).toBeTruthy();
  });

  it('follows changes as they happen', async () => {
    const { fake } = await openPortal('/machines', 'customer');
    await screen.findByText('patient-records');
    await waitFor(() => expect(fake.seen).toContain('streamEvents'));
    const machine = fake.world.vms.find(({ name }) => name === 'x-ray-import');
    Object.assign(machine ?? {}, { name: 'x-ray-renamed' });
    fake.emit({ type: 'vm' });
    expect(await screen.findByText('x-ray-renamed')).toBeTruthy();
  });
});
