/** Remarks of an answer beside its packages: loaded only for answers that go beyond their set. */
import type { Diagnostic } from '../answer.ts';
import { remark } from '../issues/fixes.ts';
import type { SolvedPackage } from './answer.ts';
import type { Solved } from './attempt.ts';
import { bitOf } from './listing.ts';
import { splitKey } from './world.ts';

export async function remarksOn(
  packages: readonly SolvedPackage[],
  { decisions, world }: Solved,
): Promise<Diagnostic[]> {
  const { set } = world.input;
  const { unknownMembers } = world.facts;
  const remarks: Diagnostic[] = [];
  /** Names by the index that lists them. */
  const undated = new Map<string, string[]>();
  for (const { name, version, origin, depends, wheel } of packages) {
    const listing = world.listing(name);
    if (listing.origin === 'index') {
      const { file, shy } = listing.candidates[bitOf(decisions.get(name)!)]!;
      if (file.upload_time === null && wheel.index !== null) {
        undated.set(wheel.index, [...(undated.get(wheel.index) ?? []), name]);
      }
      if (shy !== null) remarks.push(shyChosen(`${name} ${version}`, shy));
    }
    const at = set.index.get(name);
    if (origin !== 'set' && at !== undefined) {
      const source = origin === 'index' ? 'the index' : 'a file of its own';
      const pin = `the ${set.members[at]!.version} that the package set ${set.flag} pins`;
      remarks.push(remark('info', 'unpinned', `${name} ${version} comes from ${source}, instead of ${pin}.`));
    }
    const loose = origin === 'set' ? depends.filter((dependency) => world.isLoose(dependency)) : [];
    if (loose.length > 0 && unknownMembers.has(name)) {
      const message = `${name} comes from the package set, which does not say which versions of ${loose.join(', ')} it works with.`;
      remarks.push(remark('warning', 'unpinned_unchecked', message, `Try the Worker, or unpin ${name} too.`));
    }
  }
  const taken = new Set(packages.flatMap(({ name, origin }) => (origin === 'index' ? name : [])));
  for (const name of [...world.input.asked.unpin].sort()) {
    // A package that comes from the index anyway is as the question wants it.
    if (set.index.has(name) || taken.has(name)) continue;
    const message = `The package set ${set.flag} has no ${name} to unpin.`;
    remarks.push(remark('warning', 'nothing_to_unpin', message, `Do not unpin ${name}.`));
  }
  for (const key of [...decisions.keys()].sort()) {
    const { name, extra } = splitKey(key);
    if (extra === null) continue;
    const listing = world.listing(name);
    if (listing.origin === 'index') {
      const { extras } = await world.facts.needs(listing, decisions.get(name)!);
      if (!extras.has(extra)) remarks.push(unknownExtra(name, extra, [...extras].sort()));
    } else if (unknownMembers.has(name)) {
      const message = `Neither the package set nor an index says what ${name}[${extra}] adds to ${name}.`;
      remarks.push(
        remark('warning', 'extras_not_recorded', message, 'Require the packages of the extra by name.'),
      );
    }
  }
  for (const [url, names] of undated) {
    const message = `The index ${url} does not say when it received ${names.join(', ')}: the same question may have another answer later.`;
    const fix = 'Use an index with upload times (PEP 700), or pin the versions.';
    remarks.push(remark('warning', 'no_upload_times', message, fix));
  }
  return remarks;
}

function shyChosen(what: string, shy: 'pre_release' | 'yanked'): Diagnostic {
  if (shy === 'yanked') {
    const message = `${what} was yanked from the index, but a requirement asks for exactly that version.`;
    return remark('warning', 'yanked_chosen', message, 'Ask for another version.');
  }
  const why = 'a requirement asks for one, or no other version satisfies all requirements';
  return remark('info', 'pre_release_chosen', `${what} is a pre-release: ${why}.`);
}

function unknownExtra(name: string, extra: string, known: readonly string[]): Diagnostic {
  const fix =
    known.length === 0
      ? `Ask for ${name} alone: it has no extras.`
      : `Ask for one of its extras: ${known.join(', ')}.`;
  return remark('warning', 'unknown_extra', `${name} has no extra ${extra}, so that adds nothing.`, fix);
}
