import { describe, expect, it } from 'vitest';
import { goneOf } from './gone';

const at = '2026-11-20T12:00:00Z';

describe('goneOf', () => {
  it('says nothing of a point that is there', () => {
    expect(goneOf({})).toBeUndefined();
  });

  it('names the policy that let a point go', () => {
    expect(goneOf({ gone: { at, reason: 'retention', detail: 'policy "daily"' } })).toMatchObject({
      label: 'Let go',
      text: expect.stringContaining('policy "daily"') as string,
    });
  });

  it('tells a person what was deleted, and asks for attention where it is damaged', () => {
    expect(goneOf({ gone: { at, reason: 'deleted' } })?.tone).toBe('warn');
    expect(goneOf({ gone: { at, reason: 'damaged' } })?.tone).toBe('bad');
  });
});
