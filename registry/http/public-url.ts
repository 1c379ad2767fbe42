/** The address by which a registry is reached, which is in its links: one that nobody else can reach is a mistake. */
import { problem } from './problem.ts';

let known: { publicUrl: string; isLocal: boolean } | undefined;

/** The refusal of a request to a registry that would answer it with links to the asker's own machine. */
export function wrongHost(url: string, publicUrl: string): Response | undefined {
  if (known?.publicUrl !== publicUrl) known = { publicUrl, isLocal: isLoopback(publicUrl) };
  if (!known.isLocal || isLoopback(url)) return undefined;
  return problem(
    'wrong_public_url',
    `This registry is set up to be reached at ${publicUrl}, an address of its own machine, and its answers would ` +
      'link there. Whoever runs it has to set PUBLIC_URL to the address by which others reach it; npm run deploy does.',
  );
}

const LOOPBACK = /^https?:\/\/(?:localhost|[\w-]+\.localhost|127(?:\.\d{1,3}){3}|\[::1\])(?=[:/?#]|$)/i;

/** Whether only this machine is reached at a URL. */
export const isLoopback = (url: string): boolean => LOOPBACK.test(url);
