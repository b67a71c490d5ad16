import { screen, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { describe, expect, it } from 'vitest';
import { openPortal } from '@/lib/test/portal';

describe('the invoice preview', () => {
  it('explains a line down to the signed records', async () => {
    await openPortal('/invoice', 'customer');
    const lines = await screen.findByTestId('invoice-lines');
    await userEvent.click(within(lines).getAllByRole('button')[0] as HTMLElement);
    const records = await within(lines).findByTestId('usage-records');
    expect(records.children).toHaveLength(12);
    expect(records.textContent).toContain('patient-records, reception-pc');
    expect(lines.textContent).toContain('48 usage records');
    await userEvent.click(within(lines).getByRole('button', { name: 'Show more (36 left)' }));
    expect(records.children).toHaveLength(48);
  });

  it('shows the MSP its wholesale price for every customer', async () => {
    await openPortal('/wholesale', 'billing');
    const lines = await screen.findByTestId('invoice-lines');
    expect(lines.textContent).toContain('Alder Dental Practice');
    expect(lines.textContent).toContain('Bright Harbour Logistics');
    expect(screen.getByTestId('invoice-total').dataset['value']).toBe('201.67');
  });

  it('shows the platform owner an MSP’s total, but not what its customers’ records say', async () => {
    await openPortal('/msps', 'owner');
    const row = await screen.findByRole('row', { name: /Northwind/ });
    await userEvent.click(within(row).getByRole('link', { name: 'Invoice preview' }));
    const lines = await screen.findByTestId('invoice-lines');
    await userEvent.click(within(lines).getAllByRole('button')[0] as HTMLElement);
    expect(await within(lines).findByText(/visible to the MSP and to the customer/)).toBeTruthy();
    expect(within(lines).queryByTestId('usage-records')).toBeNull();
  });

  it('goes back a month, and no further forward than this one', async () => {
    const { router } = await openPortal('/invoice', 'customer');
    await screen.findByTestId('invoice-lines');
    expect(screen.getByRole('button', { name: 'Month after' })).toHaveProperty('disabled', true);
    await userEvent.click(screen.getByRole('button', { name: 'Month before' }));
    expect(await screen.findByText('Nothing to pay so far')).toBeTruthy();
    expect(router.state.location.search).toMatch(/month=\d{4}-\d{2}/);
  });
});
