import { describe, expect, it } from 'vitest';
import { restoreCommands } from './restore';

const point = { id: '20261120T121314Z-ab12', repository: 'main', vmName: 'db-1' };

describe('restoreCommands', () => {
  it('gives the command line of the appliance', () => {
    expect(restoreCommands(point, 1)).toEqual([
      'sendense appliance restore --repository /path/to/main --point 20261120T121314Z-ab12 --to db-1.qcow2 --format qcow2',
    ]);
  });

  it('gives one command for each disk', () => {
    const commands = restoreCommands(point, 2);
    expect(commands).toHaveLength(2);
    expect(commands[1]).toContain('--disk 1 --to db-1-disk1.qcow2');
  });

  it.each(['$(reboot)', '; rm -rf /', '--help', '../../etc', '`id`', 'a b', '日本'])(
    'is safe to paste when a machine is called %s',
    (vmName) => {
      const [command = ''] = restoreCommands({ ...point, vmName }, 1);
      expect(command).toMatch(/ --to [A-Za-z0-9_][A-Za-z0-9._-]*\.qcow2 /);
    },
  );

  it('quotes an id that a shell would take apart', () => {
    const [command = ''] = restoreCommands({ ...point, id: "a'; reboot" }, 1);
    expect(command).toContain(`--point 'a'\\''; reboot'`);
  });
});
