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
  const busy = backUp.isPending || command?.state === 'queued';
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
    case 'succeeded':
      return (
        <Notice tone="good" urgent title="Backed up">
          {command.message ?? 'The new point appears below.'}
        </Notice>
      );
    case 'expired':
      return (
        <Notice tone="warn" urgent title="The appliance did not take it in time">
          {command.message ?? 'It may be offline.'} Nothing was backed up; try again once it reports in.
        </Notice>
      );
    case 'refused':
      return (
        <Notice tone="bad" urgent title="The appliance refused it">
          {command.message ?? 'It gave no reason.'} Nothing was backed up.
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
