/** A package set with every kind of file that a set can pin, including hostile ones. */

import { putWheel } from '../../../registry/storage/wheels.ts';
import type { Member, PackageSet } from '../../../resolver/catalog.ts';
import { sha256 } from '../../../resolver/digest.ts';
import { PINWHEEL_PATCH, type Pin, packageSetOf } from '../../test-set.ts';
import { makeZip, utf8 } from '../../zip.ts';

export const ODD_FLAG = 'python_3.13_packages_2026_11_01';
export const HOSTILE_FILE = '"></a><a href="/evil">x</a><script>alert(1)</script>\u202e\u0007.tar.gz';

/** The METADATA of come-in, the only readable wheel. */
export const METADATA =
  'Metadata-Version: 2.1\r\nName: come-in\r\nRequires-Python: >=3.9, <4\r\n\r\nRequires-Python: ==2';

/** The bytes of the wheels that tests store. */
export const BYTES = {
  2: makeZip([{ name: 'come_in-1.0.dist-info/METADATA', data: utf8(METADATA) }]),
  4: utf8('no zip'),
  8: utf8('none either'),
};

const hashes: Record<string, string> = {};
for (const [digit, bytes] of Object.entries(BYTES)) hashes[digit] = await sha256(bytes);

export const sha = (digit: string) => hashes[digit] ?? digit.repeat(64);

/** Stores the bytes of a wheel. */
export const arrive = (store: R2Bucket, digit: keyof typeof BYTES) =>
  putWheel(store, { sha256: sha(`${digit}`), filename: 'any.whl', url: null }, BYTES[digit]);

const pin = (filename: string, digit: string, rest: Partial<Member> = {}): Pin => ({
  filename,
  sha256: sha(digit),
  url: `https://files.example/${encodeURIComponent(filename)}`,
  ...rest,
});

export const oddSet: PackageSet = packageSetOf(
  [
    pin('alien-1.0-cp313-cp313-manylinux_2_17_x86_64.whl', '1'),
    pin('come_in-1.0-py3-none-any.whl', '2'),
    pin(HOSTILE_FILE, '3', { name: 'hostile', version: '1.0<b>', url: 'javascript:alert(2)//"><b>\u202e' }),
    pin('native-1.0-cp313-cp313-pyodide_2025_0_wasm32.whl', '4'),
    pin('numpy-2.2.5-cp313-cp313-pyodide_2025_0_wasm32.tar.gz', '5'),
    pin('another_name-1.0-py3-none-any.whl', '6', { name: 'other-name' }),
    pin('own-1.0+pinwheel.1-py3-none-any.whl', '7', { url: null, size: 4321, patched: PINWHEEL_PATCH }),
    pin('Pure-1.0-py3-none-any.whl', '8'),
    pin('ruamel.yaml-1.0-py3-none-any.whl', '9'),
    pin('runtime_part-1.0.zip', 'a', { version: '1.0', kind: 'shared_library' }),
  ],
  ODD_FLAG,
);
