import { LogOut, Monitor, Moon, Sun, UserRound } from 'lucide-react';
import { useState } from 'react';
import {
  Header,
  Menu,
  MenuItem,
  MenuSection,
  MenuTrigger,
  Popover,
  Separator,
  type Selection,
} from 'react-aria-components';
import { Button } from '@/components/ui';
import { useMe } from '@/features/account';
import { useSession } from '@/lib/auth';
import { applyTheme, readTheme, type ThemeChoice } from '@/lib/theme/theme';
import styles from './AccountMenu.module.css';

const THEMES = [
  { id: 'system', label: 'As the system', icon: Monitor },
  { id: 'light', label: 'Light', icon: Sun },
  { id: 'dark', label: 'Dark', icon: Moon },
] as const;

export function AccountMenu() {
  const me = useMe();
  const session = useSession();
  const [theme, setTheme] = useState<ThemeChoice>(readTheme);
  const choose = (selection: Selection) => {
    const [first] = selection === 'all' ? [] : [...selection];
    const choice = THEMES.find(({ id }) => id === first)?.id ?? 'system';
    applyTheme(choice);
    setTheme(choice);
  };
  return (
    <MenuTrigger>
      <Button variant="quiet" aria-label={`Account of ${me.username}`}>
        <UserRound aria-hidden="true" size={18} />
        <span className={styles['name']}>{me.username}</span>
      </Button>
      <Popover placement="bottom end" className={styles['popover'] ?? ''}>
        <div className={styles['who']}>
          <p className={styles['user']}>{me.username}</p>
          <p className="sub">{me.roles.join(', ')}</p>
        </div>
        <Menu aria-label="Account" className={styles['menu'] ?? ''}>
          <MenuSection
            selectionMode="single"
            disallowEmptySelection
            selectedKeys={[theme]}
            onSelectionChange={choose}
          >
            <Header className={styles['header']}>Appearance</Header>
            {THEMES.map(({ id, label, icon: Icon }) => (
              <MenuItem key={id} id={id} className={styles['item'] ?? ''} textValue={label}>
                <Icon aria-hidden="true" size={16} />
                {label}
              </MenuItem>
            ))}
          </MenuSection>
          <Separator className={styles['line'] ?? ''} />
          <MenuItem
            id="sign-out"
            className={styles['item'] ?? ''}
            onAction={() => void session.signOut()}
            textValue="Sign out"
          >
            <LogOut aria-hidden="true" size={16} />
            Sign out
          </MenuItem>
        </Menu>
      </Popover>
    </MenuTrigger>
  );
}
