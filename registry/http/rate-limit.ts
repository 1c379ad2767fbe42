/** Limits of how often an address may ask for what is not ready, if the deployment has a binding for them. */
import type { Call } from '../env.ts';
import { problem } from './problem.ts';

/** The longest period that the binding knows, in seconds. */
const PERIOD = 60;

/** The response of a request whose address asks too often. */
export async function tooOften({ req, env }: Call): Promise<Response | undefined> {
  // Cloudflare sets it, and nobody else can.
  const address = req.raw.headers.get('cf-connecting-ip');
  if (!env.RATE_LIMITER || address === null) return undefined;
  const { success } = await env.RATE_LIMITER.limit({ key: networkOf(address) });
  if (success) return undefined;
  const response = problem(
    'too_many_requests',
    'Too many requests come from this address. Try again in a minute.',
  );
  response.headers.set('retry-after', String(PERIOD));
  return response;
}

/** Whoever has one address of IPv6 has all that begin as it does, with 64 bits. */
function networkOf(address: string): string {
  return address.includes(':') ? address.split(':', 4).join(':') : address;
}
