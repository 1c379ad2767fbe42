/** Limits how often an address or a token may ask for what is not cached, if the deployment has the binding. */
import { sha256 } from '../../resolver/digest.ts';
import type { Call } from '../env.ts';
import { problem } from './problem.ts';

/** The longest period of the binding, in seconds. */
export const PERIOD = 60;

/** The response if the address or the token of a request asks too often. */
export async function tooOften({ req, env }: Call): Promise<Response | undefined> {
  const asker = askerOf(req.raw);
  const { RATE_LIMITER: limiter } = env;
  if (!limiter || asker === undefined) return undefined;
  // A token is counted by its hash, so that only its holder can use up its limit.
  const token = req.raw.headers.get('authorization');
  const keys = [asker, ...(token === null ? [] : [await sha256(token)])];
  const limited = await Promise.all(keys.map((key) => limiter.limit({ key })));
  const at = limited.findIndex(({ success }) => !success);
  if (at < 0) return undefined;
  const who = at === 0 ? 'come from this address' : 'are sent with this token';
  const response = problem('too_many_requests', `Too many requests ${who}. Try again in a minute.`);
  response.headers.set('retry-after', String(PERIOD));
  return response;
}

/** The network of the address that asks. Only Cloudflare can set this header. */
export function askerOf({ headers }: Request): string | undefined {
  const address = headers.get('cf-connecting-ip');
  return address === null ? undefined : networkOf(address);
}

/** The owner of an IPv6 address has all addresses with the same first 64 bits, which are four groups. */
function networkOf(address: string): string {
  if (!address.includes(':')) return address;
  const [start = [], end = []] = address.split('::').map((part) => part.split(':').filter(Boolean));
  // `::` stands for the groups that are missing.
  const zeros = Array(Math.max(0, 8 - start.length - end.length)).fill('0');
  return [...start, ...zeros, ...end].slice(0, 4).join(':');
}
