import { Check, Copy } from 'lucide-react';
import { useEffect, useState } from 'react';
import { Button } from './Button';
import styles from './CopyText.module.css';

interface Props {
  readonly text: string;
  /** What is copied, such as "point id". */
  readonly what: string;
  /** How much of a long text is shown; all of it is copied. */
  readonly shown?: number;
  readonly block?: boolean;
}

const CONFIRM_MS = 2_000;

/** A text in fixed width with a button that copies it. */
export function CopyText({ text, what, shown, block = false }: Props) {
  const [outcome, setOutcome] = useState<'idle' | 'copied' | 'failed'>('idle');
  useEffect(() => {
    if (outcome === 'idle') return undefined;
    const timer = setTimeout(() => setOutcome('idle'), CONFIRM_MS);
    return () => clearTimeout(timer);
  }, [outcome]);

  const copy = () => {
    navigator.clipboard.writeText(text).then(
      () => setOutcome('copied'),
      () => setOutcome('failed'),
    );
  };
  const short = shown !== undefined && text.length > shown ? `${text.slice(0, shown)}…` : text;
  return (
    <span className={block ? styles['block'] : styles['inline']}>
      <code title={text}>{short}</code>
      <Button variant="quiet" size="small" aria-label={`Copy ${what}`} onPress={copy}>
        {outcome === 'copied' ? (
          <Check aria-hidden="true" size={14} />
        ) : (
          <Copy aria-hidden="true" size={14} />
        )}
      </Button>
      <span role="status" className={outcome === 'failed' ? styles['failed'] : 'visually-hidden'}>
        {outcome === 'copied' ? 'Copied' : ''}
        {outcome === 'failed' ? 'Not allowed: select and copy it' : ''}
      </span>
    </span>
  );
}
