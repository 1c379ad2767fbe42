/** The remarks of answers, loaded only if there are any. */

import type { Diagnostic } from '../answer.ts';
import { fixed } from '../issues/fixes.ts';

export function shyChosen(name: string, version: string, shy: 'pre_release' | 'yanked'): Diagnostic {
  const message =
    shy === 'yanked'
      ? `${name} ${version} was yanked from the index, but a requirement asks for exactly that version.`
      : `${name} ${version} is a pre-release: a requirement asks for one, or no other version satisfies all requirements.`;
  const severity = shy === 'yanked' ? 'warning' : 'info';
  return {
    severity,
    code: `${shy}_chosen`,
    message,
    ...fixed(shy === 'yanked' ? 'Ask for another version.' : null),
  };
}

export function unpinned(
  name: string,
  version: string,
  pin: string,
  flag: string,
  origin: 'index' | 'file',
): Diagnostic {
  const source = origin === 'index' ? 'the index' : 'a file of its own';
  return {
    severity: 'info',
    code: 'unpinned',
    message: `${name} ${version} comes from ${source}, instead of the ${pin} that the package set ${flag} pins.`,
    ...fixed(null),
  };
}

export function unchecked(name: string, loose: readonly string[]): Diagnostic {
  return {
    severity: 'warning',
    code: 'unpinned_unchecked',
    message: `${name} comes from the package set, which does not say which versions of ${loose.join(', ')} it works with.`,
    ...fixed(`Try the Worker, or unpin ${name} too.`),
  };
}

export function nothingToUnpin(name: string, flag: string): Diagnostic {
  return {
    severity: 'warning',
    code: 'nothing_to_unpin',
    message: `The package set ${flag} has no ${name} to unpin.`,
    ...fixed(`Do not unpin ${name}.`),
  };
}

export function unknownExtra(name: string, extra: string, extras: ReadonlySet<string>): Diagnostic {
  const known = [...extras].sort().join(', ');
  return {
    severity: 'warning',
    code: 'unknown_extra',
    message: `${name} has no extra ${extra}, so that adds nothing.`,
    ...fixed(
      known === '' ? `Ask for ${name} alone: it has no extras.` : `Ask for one of its extras: ${known}.`,
    ),
  };
}

export function extraNotRecorded(name: string, extra: string): Diagnostic {
  return {
    severity: 'warning',
    code: 'extras_not_recorded',
    message: `Neither the package set nor an index says what ${name}[${extra}] adds to ${name}.`,
    ...fixed('Require the packages of the extra by name.'),
  };
}

export function notReproducible(names: readonly string[], url: string): Diagnostic {
  return {
    severity: 'warning',
    code: 'no_upload_times',
    message: `The index ${url} does not say when it received ${names.join(', ')}: the same question may have another answer later.`,
    ...fixed('Use an index with upload times (PEP 700), or pin the versions.'),
  };
}
