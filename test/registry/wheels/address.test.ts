import { describe, expect, test } from 'vitest';
import { isPublicHost } from '../../../registry/wheels/address.ts';

describe('a host that a redirect may lead to', () => {
  test.each([
    'https://files.pythonhosted.org/x',
    'https://cdn.jsdelivr.net./x',
    'https://1.1.1.1/',
    'https://172.32.0.1/',
    'https://100.128.0.1/',
    'https://[2606:4700::1111]/',
    'https://[2001:4860:4860::8888]/',
    'https://xn--bcher-kva.example/',
    'https://local.example/',
  ])('%s', (url) => expect(isPublicHost(new URL(url))).toBe(true));
});

describe('a host that it may not', () => {
  test.each([
    // Loopback, in every spelling of URLs.
    'https://127.0.0.1/',
    'https://127.255.255.254/',
    'https://127.1/',
    'https://0177.0.0.1/',
    'https://0x7f000001/',
    'https://2130706433/',
    'https://017700000001/',
    'https://１２７.０.０.１/',
    'https://127。0。0。1/',
    'https://%31%32%37.0.0.1/',
    'https://[::1]/',
    'https://[0:0:0:0:0:0:0:1]/',
    'https://[::ffff:127.0.0.1]/',
    'https://[::ffff:7f00:1]/',
    'https://[::127.0.0.1]/',
    'https://[64:ff9b::127.0.0.1]/',
    'https://[2002:7f00:1::]/',
    'https://[2001::7f00:1]/',
    // Nowhere, private, shared, link-local, special, multicast.
    'https://0/',
    'https://0.0.0.0/',
    'https://10.1.2.3/',
    'https://100.64.0.1/',
    'https://100.127.255.255/',
    'https://169.254.169.254/',
    'https://172.16.0.1/',
    'https://172.31.255.255/',
    'https://192.0.0.192/',
    'https://192.0.2.1/',
    'https://192.168.0.1/',
    'https://198.18.0.1/',
    'https://198.19.255.255/',
    'https://198.51.100.1/',
    'https://203.0.113.1/',
    'https://224.0.0.1/',
    'https://255.255.255.255/',
    'https://[::]/',
    'https://[fc00::1]/',
    'https://[fd00:ec2::254]/',
    'https://[fe80::1]/',
    'https://[fec0::1]/',
    'https://[ff02::1]/',
    'https://[2001:db8::1]/',
    'https://[3fff::1]/',
    'https://[100::1]/',
    // Names that are only in private DNS.
    'https://localhost/',
    'https://LOCALHOST./',
    'https://a.localhost/',
    'https://printer.local/',
    'https://metadata.google.internal/',
    'https://router.home.arpa/',
    'https://intranet/',
    'https://metadata/',
  ])('%s', (url) => expect(isPublicHost(new URL(url))).toBe(false));
});
