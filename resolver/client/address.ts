import { RegistryError } from './registry-error.ts';

/** The address of a registry, with a slash at its end: it may have a path. */
export function readAddress(address: string): string {
  const url = URL.canParse(address) ? new URL(address) : null;
  if (url && /^https?:$/.test(url.protocol) && url.username + url.password === '') {
    return `${url.origin}${url.pathname.replace(/\/?$/, '/')}`;
  }
  // The rest of the URL may be a password.
  const message = url?.username
    ? 'The URL of the registry contains a user name or a password, which registries do not need.'
    : `${address} is not the URL of a registry.`;
  const fix = 'Write it as in https://registry.example or http://127.0.0.1:8787.';
  throw new RegistryError('invalid_address', { url: address, message, fix });
}

const LOOPBACK = /^https?:\/\/(?:localhost|[\w-]+\.localhost|127(?:\.\d{1,3}){3}|\[::1\])(?=[:/?#]|$)/i;

/** Whether a URL leads to this machine. */
export const isLoopback = (url: string): boolean => LOOPBACK.test(url);
