import { cleanup, configure } from '@testing-library/react';
import { afterEach } from 'vitest';

// A bound for a page that never comes; a busy machine needs more than the library's second.
configure({ asyncUtilTimeout: 10_000 });

window.scrollTo = () => undefined;

afterEach(cleanup);
