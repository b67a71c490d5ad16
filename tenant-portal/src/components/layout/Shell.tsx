import { Menu as MenuIcon } from 'lucide-react';
import { useEffect, useRef, useState } from 'react';
import { Dialog, Modal, ModalOverlay } from 'react-aria-components';
import { NavLink, Outlet, useLocation } from 'react-router-dom';
import { Button } from '@/components/ui';
import { useAccess, useMe } from '@/features/account';
import { AccountMenu } from './AccountMenu';
import { Brand } from './Brand';
import { LiveBadge } from './LiveBadge';
import { navFor } from './nav';
import styles from './Shell.module.css';

/** The frame around every page: skip link, menu, scope, live state and account. */
export function Shell() {
  const main = useRef<HTMLElement>(null);
  const path = useLocation().pathname;
  const before = useRef(path);
  useEffect(() => {
    // A new page begins at its top, and a screen reader begins to read there.
    if (before.current === path) return;
    before.current = path;
    main.current?.focus();
    window.scrollTo(0, 0);
  }, [path]);
  return (
    <div className={styles['shell']}>
      <a href="#main" className={styles['skip']}>
        Skip to the page
      </a>
      <aside className={styles['side']}>
        <div className={styles['stay']}>
          <Brand />
          <Navigation />
        </div>
      </aside>
      <div className={styles['column']}>
        <header className={styles['top']}>
          <PhoneMenu />
          <ScopeName />
          <span className={styles['spacer']} />
          <LiveBadge />
          <AccountMenu />
        </header>
        <main id="main" ref={main} tabIndex={-1} className={styles['main']}>
          <Outlet />
        </main>
      </div>
    </div>
  );
}

function Navigation({ onGo }: { readonly onGo?: () => void }) {
  const items = navFor(useAccess());
  const search = useLocation().search;
  const customer = new URLSearchParams(search).get('customer');
  return (
    <nav aria-label="Main">
      <ul className={styles['nav']}>
        {items.map(({ to, label, icon: Icon }) => (
          <li key={to}>
            <NavLink
              to={customer === null ? to : `${to}?customer=${customer}`}
              end={to === '/'}
              onClick={onGo}
              className={({ isActive }) => `${styles['item']} ${isActive ? styles['active'] : ''}`}
            >
              <Icon aria-hidden="true" size={18} strokeWidth={1.9} />
              {label}
            </NavLink>
          </li>
        ))}
      </ul>
    </nav>
  );
}

function PhoneMenu() {
  const [open, setOpen] = useState(false);
  return (
    <div className={styles['phone']}>
      <Button variant="quiet" size="icon" aria-label="Menu" onPress={() => setOpen(true)}>
        <MenuIcon aria-hidden="true" size={20} />
      </Button>
      <ModalOverlay
        isOpen={open}
        onOpenChange={setOpen}
        isDismissable
        className={styles['scrim'] ?? ''}
      >
        <Modal className={styles['drawer'] ?? ''}>
          <Dialog aria-label="Menu" className={styles['dialog'] ?? ''}>
            <Brand />
            <Navigation onGo={() => setOpen(false)} />
            <Button variant="quiet" onPress={() => setOpen(false)}>
              Close
            </Button>
          </Dialog>
        </Modal>
      </ModalOverlay>
    </div>
  );
}

function ScopeName() {
  const { scope } = useMe();
  const name =
    scope.kind === 'platform' ? 'The platform' : (scope.mspName ?? undefined);
  return name === undefined ? null : <p className={styles['scope']}>{name}</p>;
}
