import { useRef } from 'react';
import { Button, Notice } from '@/components/ui';
import type { Command, Vm } from '@/lib/api';
import { useBackUpNow, useCommand } from '../data/useMachines';

/** The button, and below it what became of the command. "Queued" is never shown as "done". */
export function useBackUp(vm: Vm | undefined) {
  const customerId = vm?.customerId ?? '';
  const backUp = useBackUpNow(customerId, vm?.id ?? '');
  const key = useRef<string | undefined>(undefined);
  const command = useCommand(customerId, backUp.data?.id).data ?? backUp.data;
  const busy = backUp.isPending || command?.state === 'queued' || command?.state === 'running';
  const press = () => {
    // A new key only after the last intent was answered: a lost answer must not start a second backup.
    if (!backUp.isError) key.current = undefined;
    key.current ??= crypto.randomUUID();
    backUp.mutate(key.current);
  };
  return {
    button: (
      <Button variant="primary" isDisabled={busy} onPress={press}>
        {busy ? 'Backup under way' : 'Back up now'}
      </Button>
    ),
    outcome: backUp.error ? (
      <Notice tone="bad" urgent title="The backup was not queued">
        {backUp.error.message}
      </Notice>
    ) : command ? (
      <Outcome command={command} />
    ) : null,
  };
}

function Outcome({ command }: { readonly command: Command }) {
  switch (command.state) {
    case 'queued':
      return (
        <Notice tone="info" urgent title="Queued">
          The appliance takes it as soon as it next asks. There is no new point yet.
        </Notice>
      );
    case 'running':
      return (
        <Notice tone="info" urgent title="The appliance is backing up">
          There is no new point yet.
        </Notice>
      );
    case 'succeeded':
      return (
        <Notice tone="good" urgent title="Backed up">
          The new point was read back from the store after sealing.
        </Notice>
      );
    case 'failed':
      return (
        <Notice tone="bad" urgent title="The backup failed">
          {command.message ?? 'The appliance gave no reason.'} No earlier point was harmed.
        </Notice>
      );
  }
}
