/** `pinwheel packages`: what the package set of a target holds. */

import { deliveryText } from '../../resolver/compatibility/workerd.ts';
import { evidenceIn } from '../../resolver/evidence-level.ts';
import type { Member, Target } from '../../resolver/index.ts';
import { unknownPackage } from '../../resolver/issues/closure.ts';
import { fixed, requirementFixes } from '../../resolver/issues/fixes.ts';
import { patcherOf } from '../../resolver/provenance.ts';
import { knownLacking } from '../../resolver/python/known-names.ts';
import { canonicalName, isModuleNamed } from '../../resolver/requirements/name.ts';
import type { Evidence } from '../../resolver/schemas.ts';
import { nearest } from '../../resolver/text/nearest.ts';
import { openBackend } from '../ask/backend.ts';
import type { SetAnswer } from '../ask/package-set.ts';
import { answered, unanswered } from '../common/failure.ts';
import { bytes, count } from '../common/text.ts';
import { printAnswer } from '../print/print.ts';
import { type Column, levelColumn, type Screen, sentence, table } from '../print/table.ts';
import { membersOf, readPlace, targetOf } from '../project/beyond.ts';
import type { QuestionOptions } from '../project/question.ts';

export async function packagesCommand(query: string | undefined, options: QuestionOptions): Promise<void> {
  const { pinwheel } = await openBackend(options);
  const place = await readPlace(pinwheel, options);
  const target = await targetOf(pinwheel, place, options);
  const { flag } = target.package_set;
  const whole = await membersOf(pinwheel, place, target, target.registry);
  const view = answered(await pinwheel.source.view(target.registry.revision));
  const evidenceOf = place.set === null ? evidenceIn(view, flag) : () => null;
  const document = {
    ...whole,
    packages: whole.packages.map((member) => ({ ...member, evidence: evidenceOf(member.name) })),
  };
  if (query === undefined) {
    return printAnswer(options.format, document, (screen) => packageLines(document, target, screen));
  }
  const part = canonicalName(query);
  const packages = document.packages.filter(
    ({ name, imports }) => name.includes(part) || imports.some(isModuleNamed(part)),
  );
  const isThere = packages.some(({ name }) => name === part);
  const documents = isThere ? null : await pinwheel.source.standardLibrary();
  const known = documents && knownLacking(part, documents, target, view);
  if (packages.length === 0) {
    const names = document.packages.map(({ name }) => name);
    const near = known ? [] : nearest(part, names);
    const asked = { requirement: query, index: 0, repeats: [], package: part, package_set: flag };
    const unknown = unknownPackage({ ...asked, near, providers: [], fixes: [], available: null });
    const message = `The package set ${flag} has no package whose name contains "${query}", and no module of that name.`;
    const fixes = known ? [known] : requirementFixes(part, near, 'similar');
    throw unanswered([{ ...unknown, message, ...fixed(fixes) }]);
  }
  if (known) {
    const message = `The package set ${flag} has no package ${part}, only some whose names contain it.`;
    options.listener.remarks([{ severity: 'info', message, ...fixed([known]) }]);
  }
  const selection = { ...document, packages };
  printAnswer(options.format, selection, (screen) => packageLines(selection, target, screen));
}

const MOST_IMPORTS = 3;

type Listed = Member & { evidence: Evidence | null };

interface Listing extends Omit<SetAnswer, 'packages'> {
  packages: Listed[];
}

export function packageLines(set: Listing, target: Target, screen: Screen): string[] {
  const { colors } = screen;
  const total = `${count(set.packages.length, 'package')} of ${set.flag}`;
  return [
    ...table(columnsOf(set, screen), set.packages, screen),
    '',
    ...sentence(`${total}, for Pyodide ${set.runtime} and Python ${set.python}`, screen, (line) =>
      line.replace(total, colors.bold(total)),
    ),
    ...(screen.detail === 'full' ? sentence(`Delivery: ${deliveryText(target)}`, screen) : []),
  ];
}

function columnsOf({ packages, runtime }: Listing, { colors }: Screen): Column<Listed>[] {
  return [
    { title: 'Package', text: ({ name }) => name, paint: colors.bold },
    { title: 'Version', text: ({ version }) => version },
    ...levelColumn(packages, runtime),
    { title: 'Size', text: ({ size }) => (size === null ? '' : bytes(size)), align: 'right' },
    { title: 'Patched by', text: ({ patched }) => (patched ? patcherOf(patched.by) : '') },
    { title: 'Kind', text: ({ kind }) => (kind === 'package' ? '' : kind.replaceAll('_', ' ')) },
    { title: 'Imports', text: importsOf, paint: colors.dim },
  ];
}

function importsOf({ imports }: Member): string {
  const more = imports.length - MOST_IMPORTS;
  return imports.slice(0, MOST_IMPORTS).join(', ') + (more > 0 ? ` +${more} more` : '');
}
