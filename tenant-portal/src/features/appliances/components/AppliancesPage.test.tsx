import { screen, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { describe, expect, it } from 'vitest';
import { openPortal } from '@/lib/test/portal';

describe('the appliances pages', () => {
  it('say how each appliance is, when it was last seen and when its certificate ends', async () => {
    await openPortal('/appliances', 'msp');
    const offline = await screen.findByRole('row', { name: /hub-appliance/ });
    expect(within(offline).getByText('Offline')).toBeTruthy();
    expect(within(offline).getByText('No report for 2 h 10 min.')).toBeTruthy();
    expect(within(offline).getByText('2 hours ago')).toBeTruthy();
    expect(within(offline).getByText('Renewal due')).toBeTruthy();
  });

  it('let an operator approve one that waits', async () => {
    const { fake } = await openPortal('/appliances', 'msp');
    await userEvent.click(await screen.findByRole('link', { name: 'office-appliance' }));
    await userEvent.click(await screen.findByRole('button', { name: 'Let it in' }));
    expect(await screen.findAllByText('Not yet heard')).not.toHaveLength(0);
    expect(fake.world.appliances.at(-1)?.['state']).toBe('active');
  });

  it('say how to enrol the first one', async () => {
    await openPortal('/appliances', 'newcomer', undefined, true);
    expect(await screen.findByText('No appliance has enrolled yet')).toBeTruthy();
  });
});
