/** Parsers of PEP 440, 503 and 508. */
import {
  evaluateMarker,
  markerEnvironment,
  meaninglessComparison,
  parseMarker,
} from '../../../resolver/requirements/marker.ts';
import { canonicalName, isName } from '../../../resolver/requirements/name.ts';
import { parseRequirement } from '../../../resolver/requirements/requirement.ts';
import { parseSpecifiers, satisfies } from '../../../resolver/requirements/specifier.ts';
import { compareVersions, parseVersion } from '../../../resolver/requirements/version.ts';
import { didYouMean, nearest } from '../../../resolver/text/nearest.ts';
import { printable } from '../../../resolver/text/printable.ts';
import { realSets } from '../../resolver/closure/sets.ts';
import { marker, requirement, specifierSet, version } from '../../resolver/requirements/generate.ts';
import type { Parser } from '../parser.ts';

const [set] = realSets;
const names = realSets.at(-1)!.packages.map(({ name }) => name);
const versions = [...new Set(realSets.flatMap(({ packages }) => packages.map((member) => member.version)))];
const environment = markerEnvironment({ python: set!.python, platform: set!.platform });
const [plain, other] = ['1.2.3rc1', '1!2.0+local.1'].map((text) => parseVersion(text)!);

const SPECIFIERS = ['==', '!=', '<=', '>=', '<', '>', '~=', '===', ',', '.*', '1.0', '2!1', '+abc', '(', ')'];
const VERSIONS = '1 . 0 99999999999999999999 rc a1 .post - _ .dev + ! v'.split(' ');
const MARKERS = [
  ...['python_version', 'os_name', 'extra', 'sys_platform', 'platform_release', ' and ', ' or ', ' in '],
  ...[' not in ', '(', ')', '"', "'", '"3.13"', "'emscripten'", '==', '>=', '~=', '===', ';'],
];

export const requirementParsers: readonly Parser[] = [
  {
    name: 'requirement',
    share: 180,
    read: (text) => parseRequirement(text).ok,
    samples: [
      'fastapi',
      'httpx[http2, brotli]>=0.28,<1; python_version >= "3.12"',
      'numpy (>=1.26,!=2.0)',
      'pip @ https://example.com/pip.whl ; os_name == "posix"',
      'x @ git+https://example.com/x.git@main#egg=x',
      './local',
      ...names.slice(0, 40),
    ],
    pieces: [
      ...SPECIFIERS,
      ...MARKERS,
      '[',
      ']',
      '@ ',
      'git+https://',
      'a',
      'Numpy',
      '-',
      '_',
      '.',
      ' ',
      '#',
    ],
    make: requirement,
    longest: 4_000,
  },
  {
    name: 'marker',
    share: 110,
    read(text) {
      const parsed = parseMarker(text);
      if (parsed.ok && !meaninglessComparison(parsed.value, environment)) {
        evaluateMarker(parsed.value, environment);
      }
      return parsed.ok;
    },
    samples: [
      'python_version >= "3.12" and (sys_platform == "emscripten" or extra == "a")',
      "'linux' in sys_platform",
    ],
    pieces: MARKERS,
    make: marker,
    longest: 4_000,
  },
  {
    name: 'specifier',
    share: 100,
    read(text) {
      const parsed = parseSpecifiers(text);
      if (parsed.ok)
        for (const found of ['1.0', '3.13.2', '2024.1', '1.1.1w']) satisfies(found, parsed.value);
      return parsed.ok;
    },
    samples: ['>=1.0,<2', '~=1.4.2', '==3.1.*', '===anything at all', '!=1.0+local'],
    pieces: [...SPECIFIERS, ...VERSIONS, ' '],
    make: specifierSet,
    longest: 4_000,
  },
  {
    name: 'version',
    share: 90,
    read(text) {
      const parsed = parseVersion(text);
      if (parsed) for (const known of [plain!, other!]) compareVersions(parsed, known);
      return parsed !== null;
    },
    samples: versions,
    pieces: VERSIONS,
    make: version,
    longest: 4_000,
  },
  {
    name: 'name, and names near it',
    share: 40,
    read(text) {
      printable(text);
      canonicalName(text);
      didYouMean(nearest(text, names));
      return isName(text);
    },
    samples: names,
    pieces: ['a', 'py', '-', '_', '.', 'numpy', 'İ', 'ß', '0', ' '],
    longest: 64_000,
  },
];
