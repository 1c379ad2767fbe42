/**
 * The hosts that may be asked. Files that sets pin come only from hosts of a list; an index and its files, from public
 * ones, because an index can redirect to any host, and a registry or a client may run in a private network. The
 * platform's URL parser has already normalized every spelling of an IPv4 address (octal, hexadecimal, one number) and of
 * an IPv6 address. A public name with a private address is not detected here: the network has to block it, as
 * Cloudflare's does.
 */

/** IPv4 blocks outside the public Internet (IANA's special-purpose registry), as first address and bits. */
const SPECIAL_IPV4: readonly [address: string, bits: number][] = [
  ['0.0.0.0', 8],
  ['10.0.0.0', 8],
  ['100.64.0.0', 10],
  ['127.0.0.0', 8],
  ['169.254.0.0', 16],
  ['172.16.0.0', 12],
  ['192.0.0.0', 24],
  ['192.0.2.0', 24],
  ['192.88.99.0', 24],
  ['192.168.0.0', 16],
  ['198.18.0.0', 15],
  ['198.51.100.0', 24],
  ['203.0.113.0', 24],
  ['224.0.0.0', 3],
];

/** Names that are not resolved in public DNS. */
const PRIVATE_NAMES =
  /(^|\.)(localhost|local|internal|svc|intranet|lan|localdomain|home|corp|private|test|invalid|home\.arpa)$/;

/** Whether a URL's host is a public name or a public address. */
export function isPublicHost({ hostname }: { hostname: string }): boolean {
  if (hostname.startsWith('[')) return isPublicIpv6(hostname.slice(1, -1));
  if (/^[\d.]+$/.test(hostname)) return isPublicIpv4(hostname);
  const name = hostname.replace(/\.+$/, '');
  return name.includes('.') && !PRIVATE_NAMES.test(name);
}

const LOOPBACK = /^https?:\/\/(?:localhost|[\w-]+\.localhost|127(?:\.\d{1,3}){3}|\[::1\])(?=[:/?#]|$)/i;

/** Whether a URL leads to this machine. */
export const isLoopback = (url: string): boolean => LOOPBACK.test(url);

/** The hosts of files that sets pin, if an operator names no others: those of Pyodide, PyPI and Cloudflare. */
const UPSTREAM_HOSTS = 'cdn.jsdelivr.net, files.pythonhosted.org, python-packages.edgeworker.net';

/** Why a file cannot come from a URL, as the end of a sentence about it; null if it can. */
export type UpstreamProblem = (url: Record<AddressPart, string>) => string | null;
type AddressPart = 'protocol' | 'username' | 'password' | 'port' | 'hostname';

/** @param listed names of hosts, with commas or spaces between them */
export function upstreamGuard(listed: string = UPSTREAM_HOSTS): UpstreamProblem {
  const hosts = new Set(listed.toLowerCase().split(/[\s,]+/));
  return ({ protocol, username, password, port, hostname }) => {
    if (protocol !== 'https:') return 'is not https';
    if (username !== '' || password !== '') return 'names a user';
    // The platform's URL has no port if it is 443.
    if (port !== '') return 'names another port than 443';
    return hosts.has(hostname) ? null : "leads to a host that is not among the registry's UPSTREAM_HOSTS";
  };
}

function isPublicIpv4(address: string): boolean {
  const number = ipv4Number(address);
  return SPECIAL_IPV4.every(([first, bits]) => number >>> (32 - bits) !== ipv4Number(first) >>> (32 - bits));
}

function ipv4Number(address: string): number {
  return address.split('.').reduce((number, part) => (number << 8) | Number(part), 0);
}

/**
 * Only global unicast (2000::/3) is public, without the special block 2001::/23 (with Teredo), documentation, and 6to4,
 * which embeds an IPv4 address. IPv4-mapped addresses are outside of it.
 */
function isPublicIpv6(address: string): boolean {
  const [first = 0, second = 0] = address.split(':').map((group) => Number.parseInt(group || '0', 16));
  if (first >>> 13 !== 1) return false;
  if (first === 0x2001) return second >= 0x200 && second !== 0xdb8;
  return first !== 0x2002 && first >>> 4 !== 0x3ff0 >>> 4;
}
