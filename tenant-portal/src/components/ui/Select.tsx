import styles from './Select.module.css';

interface Option {
  readonly value: string;
  readonly label: string;
}

interface Props {
  readonly label: string;
  readonly value: string;
  readonly options: readonly Option[];
  readonly onChange: (value: string) => void;
}

/** The browser's own select: phones show their native wheel and every screen reader knows it. */
export function Select({ label, value, options, onChange }: Props) {
  return (
    <label className={styles['field']}>
      <span className={styles['label']}>{label}</span>
      <select className={styles['select']} value={value} onChange={(event) => onChange(event.target.value)}>
        {options.map((option) => (
          <option key={option.value} value={option.value}>
            {option.label}
          </option>
        ))}
      </select>
    </label>
  );
}
