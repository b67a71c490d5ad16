/* eslint-disable jsx-a11y/no-redundant-roles, jsx-a11y/no-interactive-element-to-noninteractive-role --
   the roles are what is left of the table when CSS takes its display away on narrow screens */
import type { ReactNode } from 'react';
import styles from './Table.module.css';

export interface Column<T> {
  readonly head: string;
  readonly cell: (row: T) => ReactNode;
  readonly align?: 'end';
  /** The first thing to read of a row; becomes the row's header. Exactly one column has it. */
  readonly main?: boolean;
}

interface Props<T> {
  readonly caption: string;
  readonly columns: readonly Column<T>[];
  readonly rows: readonly T[];
  readonly rowKey: (row: T) => string;
}

/**
 * A table that becomes a list of cards on a narrow screen. The roles are written out because a browser
 * drops the table's own as soon as CSS takes its display away.
 */
export function Table<T>({ caption, columns, rows, rowKey }: Props<T>) {
  return (
    <table className={styles['table']} role="table">
      <caption className="visually-hidden">{caption}</caption>
      <thead role="rowgroup">
        <tr role="row">
          {columns.map((column) => (
            <th key={column.head} scope="col" role="columnheader" className={edge(column)}>
              {column.head}
            </th>
          ))}
        </tr>
      </thead>
      <tbody role="rowgroup">
        {rows.map((row) => (
          <tr key={rowKey(row)} role="row" data-row={rowKey(row)}>
            {columns.map((column) => (
              <Cell key={column.head} column={column} row={row} />
            ))}
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function Cell<T>({ column, row }: { readonly column: Column<T>; readonly row: T }) {
  const value = <div className={styles['value']}>{column.cell(row)}</div>;
  if (column.main) {
    return (
      <th scope="row" role="rowheader" className={styles['main']}>
        {value}
      </th>
    );
  }
  return (
    <td role="cell" data-head={column.head} className={edge(column)}>
      {value}
    </td>
  );
}

function edge<T>(column: Column<T>): string | undefined {
  return column.align === 'end' ? styles['end'] : undefined;
}
