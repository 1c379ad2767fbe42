/** Headers of requests, and addresses of redirects. */
import { formOfAccept, formOfFormat } from '../../../registry/simple/send.ts';
import { wantedBytes } from '../../../registry/wheels/send.ts';
import { isPublicHost } from '../../../resolver/public-host.ts';
import type { Parser } from '../parser.ts';

const ETAG = '"0123"';

/** The characters of headers; others are rejected before they arrive. */
const headerOf = (text: string) => text.replace(/[^\t\x20-\x7e\x80-\xff]/g, '');

export const httpParsers: readonly Parser[] = [
  {
    name: 'Accept',
    share: 30,
    read(text) {
      formOfFormat(text);
      return formOfAccept(headerOf(text)) !== null;
    },
    samples: ['application/vnd.pypi.simple.v1+json, text/html;q=0.1', '*/*;q=0', 'text/*;q=0.001'],
    pieces: [' ', ...', ; q= 0.5 1 */* text/ * application/vnd.pypi.simple. v1+json "'.split(' ')],
    longest: 32_000,
  },
  {
    name: 'Range',
    share: 25,
    read(text) {
      const headers = new Headers({ range: headerOf(text), 'if-range': ETAG });
      return wantedBytes(headers, ETAG, 1_000).kind === 'part';
    },
    samples: ['bytes=0-99', 'bytes=-5', 'bytes=5-', 'bytes=0-1,5-6'],
    pieces: ['bytes', '=', '-', ',', '0', '99', '99999999999999999999', ' ', '\t'],
    longest: 32_000,
  },
  {
    name: 'redirects',
    share: 20,
    read(text) {
      const url = URL.canParse(text, 'https://pypi.org/') ? new URL(text, 'https://pypi.org/') : null;
      return url !== null && isPublicHost(url);
    },
    samples: [
      'https://127.0.0.1/x',
      'http://[::ffff:10.0.0.1]/',
      'https://0x7f.1/',
      'https://files.pythonhosted.org/a',
    ],
    pieces: 'https:// // [ ] : :: ffff 127.1 0x . localhost @ % \u3002 /'.split(' '),
    longest: 32_000,
  },
];
