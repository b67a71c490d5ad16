import { ChevronDown } from 'lucide-react';
import { useState, type ReactNode } from 'react';
import {
  Button as AriaButton,
  Disclosure as AriaDisclosure,
  DisclosurePanel,
  Heading,
} from 'react-aria-components';
import styles from './Disclosure.module.css';

interface Props {
  readonly label: ReactNode;
  /** Rendered only while open, so that what it reads is read on demand. */
  readonly children: () => ReactNode;
  readonly level?: 2 | 3 | 4;
  readonly id?: string;
}

export function Disclosure({ label, children, level = 3, id }: Props) {
  const [open, setOpen] = useState(false);
  return (
    <AriaDisclosure
      id={id}
      className={styles['disclosure'] ?? ''}
      isExpanded={open}
      onExpandedChange={setOpen}
    >
      <Heading level={level} className={styles['heading']}>
        <AriaButton slot="trigger" className={styles['trigger'] ?? ''}>
          <ChevronDown aria-hidden="true" size={18} className={styles['chevron']} />
          <span className={styles['label']}>{label}</span>
        </AriaButton>
      </Heading>
      <DisclosurePanel>{open ? <div className={styles['panel']}>{children()}</div> : null}</DisclosurePanel>
    </AriaDisclosure>
  );
}
