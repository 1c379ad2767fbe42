/** Under which licence a package is: as an expression of SPDX, if what it states can only mean that one. */
import parseExpression from 'spdx-expression-parse';
import type { MemberKind } from '../../resolver/catalog.ts';

export interface StatedLicense {
  /** As it is stated; null if nothing is. */
  license: string | null;
  /** Whether that is an expression of SPDX. */
  isExpression: boolean;
}

/** Classifiers that mean one licence. "BSD License" and "Apache Software License" mean several. */
const CLASSIFIED: Readonly<Record<string, string>> = {
  'MIT License': 'MIT',
  'MIT No Attribution License (MIT-0)': 'MIT-0',
  'Mozilla Public License 2.0 (MPL 2.0)': 'MPL-2.0',
  'Python Software Foundation License': 'PSF-2.0',
  'ISC License (ISCL)': 'ISC',
  'The Unlicense (Unlicense)': 'Unlicense',
  'zlib/libpng License': 'Zlib',
};

/** @param metadata of its wheel; null for what has none: libraries of C, and parts of the standard library */
export function licenseOf(
  { name, version, kind }: { name: string; version: string; kind: MemberKind },
  metadata: string | null,
): StatedLicense {
  if (kind === 'standard_library') return expression('PSF-2.0');
  if (metadata !== null) return licenseIn(metadata);
  // OpenSSL has been under another licence from 3.0 on.
  if (name === 'openssl') return expression(/^[01]\./.test(version) ? 'OpenSSL' : 'Apache-2.0');
  return { license: null, isExpression: false };
}

function licenseIn(metadata: string): StatedLicense {
  const head = metadata.replaceAll('\r\n', '\n').split('\n\n')[0]!;
  const field = (key: string) => new RegExp(`^${key}: (.+)$`, 'm').exec(head)?.[1]?.trim();
  const classifiers = [...head.matchAll(/^Classifier: License :: (?:OSI Approved :: )?(.+)$/gm)].map(
    ([, name]) => name!.trim(),
  );
  const stated = field('License');
  const [only] = classifiers;
  const known = classifiers.length === 1 ? CLASSIFIED[only!] : undefined;
  for (const one of [field('License-Expression'), stated, known]) {
    if (one !== undefined && isExpression(one)) return expression(one);
  }
  const license = classifiers.join(', ') || field('License-Expression') || stated;
  return { license: license?.slice(0, 100) ?? null, isExpression: false };
}

const expression = (license: string): StatedLicense => ({ license, isExpression: true });

function isExpression(text: string): boolean {
  try {
    parseExpression(text);
    return true;
  } catch {
    return false;
  }
}
