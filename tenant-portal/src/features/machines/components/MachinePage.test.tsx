import { screen, waitFor, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { describe, expect, it } from 'vitest';
import { openPortal } from '@/lib/test/portal';

const CUSTOMER = '0198c2f0-5d3a-7b01-9b1e-000000000001';
const MACHINE = '0198c2f0-5d3a-7e01-9b1e-000000000001';
const UNPROTECTED = '0198c2f0-5d3a-7e01-9b1e-000000000003';
const path = (machine: string) => `/customers/${CUSTOMER}/machines/${machine}`;

describe('the page of a machine', () => {
  it('opens a restore point to its proof and the commands that restore it', async () => {
    await openPortal(path(MACHINE), 'customer');
    const points = await screen.findByTestId('points');
    expect(points.children).toHaveLength(25);
    await userEvent.click(within(points).getAllByRole('button')[0] as HTMLElement);
    expect(await within(points).findByText(/was read back from the store after sealing/)).toBeTruthy();
    const commands = within(points).getAllByText(/^sendense appliance restore/);
    expect(commands.map((command) => command.textContent)).toEqual([
      expect.stringContaining('--disk 0'),
      expect.stringContaining('--disk 1'),
    ]);
  });

  it('reads older points on demand', async () => {
    await openPortal(path(MACHINE), 'customer');
    const points = await screen.findByTestId('points');
    await userEvent.click(screen.getByRole('button', { name: 'Show older points' }));
    await screen.findByText('40', { selector: 'dd' });
    await waitFor(() => expect(within(points).getAllByRole('listitem')).toHaveLength(40));
    expect(screen.queryByRole('button', { name: 'Show older points' })).toBeNull();
  });

  it('never shows a queued backup as done', async () => {
    const { fake } = await openPortal(path(MACHINE), 'customer');
    await userEvent.click(await screen.findByRole('button', { name: 'Back up now' }));
    expect((await screen.findByText('Queued')).closest('[role=alert]')?.textContent).toContain('no new point yet');
    Object.assign(fake.world.commands[0] ?? {}, { state: 'failed', message: 'The source went away.' });
    fake.emit({ type: 'command' });
    expect((await screen.findByText('The backup failed')).closest('[role=alert]')?.textContent).toContain(
      'The source went away.',
    );
  });

  it('offers no backup to a viewer, nor for a machine without a policy', async () => {
    await openPortal(path(MACHINE), 'viewer');
    await screen.findByTestId('points');
    expect(screen.queryByRole('button', { name: 'Back up now' })).toBeNull();
  });

  it('says that nothing will be made of a machine without a policy', async () => {
    await openPortal(path(UNPROTECTED), 'customer');
    expect(await screen.findByText(/No policy covers this machine/)).toBeTruthy();
    expect(screen.queryByRole('button', { name: 'Back up now' })).toBeNull();
  });

  it('answers alike for what does not exist and what belongs to someone else', async () => {
    await openPortal(path('0198c2f0-5d3a-7e01-9b1e-000000000004'), 'customer');
    expect((await screen.findByRole('alert')).textContent).toContain('belongs to someone else');
  });
});
