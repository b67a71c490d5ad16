import { ChevronRight } from 'lucide-react';
import { useEffect, type ReactNode } from 'react';
import { Link } from 'react-router-dom';
import styles from './Page.module.css';

interface Crumb {
  readonly to: string;
  readonly label: string;
}

interface Props {
  readonly title: string;
  readonly lead?: ReactNode;
  readonly crumbs?: readonly Crumb[];
  readonly actions?: ReactNode;
  readonly children: ReactNode;
}

/** The frame of every page: title of the window, trail, heading, and the parts below each other. */
export function Page({ title, lead, crumbs = [], actions, children }: Props) {
  useEffect(() => {
    document.title = `${title} · Sendense`;
  }, [title]);
  return (
    <div className={styles['page']}>
      <header className={styles['head']}>
        <div className={styles['words']}>
          {crumbs.length > 0 ? <Trail crumbs={crumbs} /> : null}
          <h1 className={styles['title']}>{title}</h1>
          {lead === undefined ? null : <div className={styles['lead']}>{lead}</div>}
        </div>
        {actions === undefined ? null : <div className={styles['actions']}>{actions}</div>}
      </header>
      {children}
    </div>
  );
}

function Trail({ crumbs }: { readonly crumbs: readonly Crumb[] }) {
  return (
    <nav aria-label="Breadcrumb">
      <ol className={styles['trail']}>
        {crumbs.map((crumb) => (
          <li key={crumb.to}>
            <Link to={crumb.to}>{crumb.label}</Link>
            <ChevronRight aria-hidden="true" size={14} />
          </li>
        ))}
      </ol>
    </nav>
  );
}
