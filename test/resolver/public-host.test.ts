import { expect, test } from 'vitest';
import { isPublicHost } from '../../resolver/public-host.ts';

const urls = (hosts: string) => hosts.split(/\s+/).map((host) => `https://${host}/x`);

test.each(
  urls(`files.pythonhosted.org cdn.jsdelivr.net. 1.1.1.1 172.32.0.1 100.128.0.1 local.example
    [2606:4700::1111] [2001:4860:4860::8888] xn--bcher-kva.example`),
)('a host that a redirect may lead to: %s', (url) => expect(isPublicHost(new URL(url))).toBe(true));

test.each([
  // Loopback, in every spelling of URLs.
  ...urls(`127.0.0.1 127.255.255.254 127.1 0177.0.0.1 0x7f000001 2130706433 017700000001 １２７.０.０.１
    127。0。0。1 %31%32%37.0.0.1 [::1] [0:0:0:0:0:0:0:1] [::ffff:127.0.0.1] [::ffff:7f00:1] [::127.0.0.1]
    [64:ff9b::127.0.0.1] [2002:7f00:1::] [2001::7f00:1]`),
  // Nowhere, private, shared, link-local, special, multicast.
  ...urls(`0 0.0.0.0 10.1.2.3 100.64.0.1 100.127.255.255 169.254.169.254 172.16.0.1 172.31.255.255 192.0.0.192
    192.0.2.1 192.168.0.1 198.18.0.1 198.19.255.255 198.51.100.1 203.0.113.1 224.0.0.1 255.255.255.255
    [::] [fc00::1] [fd00:ec2::254] [fe80::1] [fec0::1] [ff02::1] [2001:db8::1] [3fff::1] [100::1]`),
  // Names that are only in private DNS.
  ...urls(`localhost LOCALHOST. a.localhost printer.local metadata.google.internal router.home.arpa
    intranet metadata localhost.. kubernetes.default.svc host.localdomain`),
])('a host that a redirect may not lead to: %s', (url) => expect(isPublicHost(new URL(url))).toBe(false));
