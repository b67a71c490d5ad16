import type { RestorePoint } from '@/lib/api';

/** The commands that restore a point, one for each of its disks, safe to paste into a shell. */
export function restoreCommands(
  point: Pick<RestorePoint, 'id' | 'repository' | 'vmName'>,
  disks: number,
): string[] {
  const name = fileName(point.vmName);
  const begin =
    `sendense appliance restore --repository /path/to/${fileName(point.repository)} ` +
    `--point ${shellWord(point.id)}`;
  if (disks <= 1) return [`${begin} --to ${name}.qcow2 --format qcow2`];
  return Array.from(
    { length: disks },
    (_, disk) => `${begin} --disk ${disk} --to ${name}-disk${disk}.qcow2 --format qcow2`,
  );
}

function fileName(text: string): string {
  const safe = text.replace(/[^A-Za-z0-9._-]+/g, '-').replace(/^[-.]+/, '');
  return safe === '' ? 'restored' : safe;
}

function shellWord(text: string): string {
  return /^[A-Za-z0-9][A-Za-z0-9._:-]*$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`;
}
