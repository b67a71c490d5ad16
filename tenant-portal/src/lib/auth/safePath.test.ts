import { describe, expect, it } from 'vitest';
import { safePath } from './oidcSession';

describe('safePath', () => {
  it('keeps paths of this portal', () => {
    expect(safePath('/machines?show=protected')).toBe('/machines?show=protected');
  });

  it.each([undefined, 42, '', 'https://evil.example', '//evil.example', '/\\evil.example', 'javascript:alert(1)', '/signed-in?code=1'])(
    'leads to the first page instead of %s',
    (value) => {
      expect(safePath(value)).toBe('/');
    },
  );
});
