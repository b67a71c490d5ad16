import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { App } from '@/app/App';
import { CALLBACK_PATH, OidcSession } from '@/lib/auth';
import './styles/tokens.css';
import './styles/base.css';

const session = new OidcSession(window.location.origin);
const root = document.getElementById('root');
if (!root) throw new Error('index.html has no #root');

const returnTo = await session.start(window.location);
// The code in the address is spent; it must stay neither in the history nor in a copied link.
if (window.location.pathname === CALLBACK_PATH) {
  window.history.replaceState(null, '', returnTo ?? '/');
}
createRoot(root).render(
  <StrictMode>
    <App session={session} />
  </StrictMode>,
);
