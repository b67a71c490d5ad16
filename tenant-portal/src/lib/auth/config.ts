import type { PortalConfig } from '@/lib/api';

const DEADLINE_MS = 10_000;

/** Reads where to sign in. Rejects when the control plane gives no usable answer within ten seconds. */
export async function readPortalConfig(origin: string): Promise<PortalConfig> {
  const response = await fetch(`${origin}/api/v1/portal-config`, {
    cache: 'no-store',
    signal: AbortSignal.timeout(DEADLINE_MS),
  });
  if (!response.ok) throw new Error(`portal-config answered ${response.status}`);
  const body: unknown = await response.json();
  if (!isConfig(body)) throw new Error('portal-config lacks issuer or clientId');
  return body;
}

function isConfig(body: unknown): body is PortalConfig {
  return (
    typeof body === 'object' &&
    body !== null &&
    'issuer' in body &&
    typeof body.issuer === 'string' &&
    'clientId' in body &&
    typeof body.clientId === 'string'
  );
}
