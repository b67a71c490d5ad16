import type { ReactNode } from 'react';
import { Button as AriaButton, type ButtonProps } from 'react-aria-components';
import styles from './Button.module.css';

interface Props extends Omit<ButtonProps, 'className' | 'style' | 'children'> {
  readonly variant?: 'primary' | 'secondary' | 'quiet';
  readonly size?: 'normal' | 'small' | 'icon';
  readonly children: ReactNode;
}

export function Button({ variant = 'secondary', size = 'normal', children, ...rest }: Props) {
  return (
    <AriaButton {...rest} className={`${styles['button']} ${styles[variant]} ${styles[size]}`}>
      {children}
    </AriaButton>
  );
}
