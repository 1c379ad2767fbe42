/** The public address of a registry, which is in its links. A local address on a public host is a mistake. */
import { isLoopback } from '../../resolver/client/address.ts';
import { problem } from './problem.ts';

let known: { publicUrl: string; isLocal: boolean; isAddress: boolean } | undefined;

/** Rejects a request if the links in the answer would point to the client's own machine. */
export function wrongHost(url: string, publicUrl: string): Response | undefined {
  if (known?.publicUrl !== publicUrl) {
    const isAddress = !publicUrl || (/^https?:/i.test(publicUrl) && URL.canParse(publicUrl));
    known = { publicUrl, isLocal: !publicUrl || isOwn(publicUrl), isAddress };
  }
  if (known.isAddress && (!known.isLocal || isOwn(url))) return undefined;
  const place = known.isAddress
    ? 'an address of its own machine, and its answers would link there'
    : 'which is not an address such as https://registry.example';
  const set = publicUrl
    ? `is set up to be reached at ${publicUrl}, ${place}`
    : 'does not know its own address yet';
  return problem(
    'wrong_public_url',
    `This registry ${set}. Its operator has to set PUBLIC_URL to its public address; npm run deploy does that.`,
  );
}

/** Whether a URL leads to the machine that asks; so do 0.0.0.0 and [::], with which a server listens at every address. */
const isOwn = (url: string): boolean => isLoopback(url) || ALL_ADDRESSES.test(url);

const ALL_ADDRESSES = /^https?:\/\/(?:0\.0\.0\.0|\[::\])(?=[:/?#]|$)/i;
