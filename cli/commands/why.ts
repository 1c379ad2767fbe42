/** `pinwheel why`: which packages brought a package into the closure, or why it is not there. */
import { shortestChains, type WhyAnswer } from '../../resolver/closure/why.ts';
import { notNeeded } from '../../resolver/issues/documents.ts';
import { patcherOf, rebuildCommand } from '../../resolver/provenance.ts';
import { parseRequirement } from '../../resolver/requirements/requirement.ts';
import type { Patched } from '../../resolver/schemas.ts';
import { type Closure, setOfClosure } from '../ask/closure.ts';
import { withoutCredentials } from '../common/credentials.ts';
import { CommandError, type LocatedIssue, misused, refused, unanswered } from '../common/failure.ts';
import { bytes, grouped, visible } from '../common/text.ts';
import { printAnswer, printRemarks } from '../print/print.ts';
import { diagnosticLines } from '../print/remarks.ts';
import { type Field, fieldLines, joinSections, type Screen } from '../print/table.ts';
import { askWhole, type ClosureOptions } from '../project/closure.ts';

export async function whyCommand(
  written: string,
  named: readonly string[],
  options: ClosureOptions,
): Promise<void> {
  const name = readName(written);
  const closure = await askWhole(named, options);
  const { registry, target, packages, diagnostics } = closure.answer;
  const resolved = packages.find((candidate) => candidate.name === name) ?? null;
  const { chains, more } = shortestChains(packages, name);
  const issue = resolved ? null : await absenceOf(name, closure, options);
  const absence = issue && { code: issue.code, message: issue.message, fix: issue.fix, fixes: issue.fixes };
  const answer: WhyAnswer = { registry, target, name, package: resolved, chains, more_chains: more, absence };

  const isText = options.format !== 'json';
  if (issue && isText) throw unanswered([issue]);
  printAnswer(options.format, answer, (screen) => whyLines(answer, screen));
  if (isText && name.startsWith('httpx'))
    printRemarks(diagnostics.filter(({ code }) => code === 'httpx2_transport'));
  if (issue) throw new CommandError(1, []);
}

function readName(written: string): string {
  const outcome = parseRequirement(withoutCredentials(written));
  if (!outcome.ok) {
    const { message: detail, fix: remedy } = outcome.issues[0]!;
    throw misused({ problem: 'no_requirement', detail, remedy });
  }
  const { name, extras, specifiers, marker } = outcome.value;
  if (extras.length > 0 || specifiers.length > 0 || marker) {
    throw misused({ problem: 'more_than_a_name', text: written, name });
  }
  return name;
}

/** The package is not in the set, as the resolver explains, or it is in the set and not needed. */
async function absenceOf(
  name: string,
  closure: Closure,
  { experimental }: ClosureOptions,
): Promise<LocatedIssue> {
  const { target, registry, packages } = closure.answer;
  const { flag } = target.package_set;
  const { members } = (await setOfClosure(closure)).prepared;
  const member = members.find((candidate) => candidate.name === name);
  if (!member) {
    const { compatibility_date, compatibility_flags, as_of } = target;
    const { revision } = registry;
    const same = { compatibility_date, compatibility_flags, as_of, revision };
    const own = { experimental: experimental ?? false, ...(closure.set && { set: closure.set }) };
    const asked = { ...same, ...own, requirements: [name] };
    const outcome = await closure.backend.pinwheel.safeResolve(asked);
    const issue = outcome.ok ? undefined : outcome.issues[0];
    if (issue === undefined || issue.kind === 'malformed') throw refused(outcome.ok ? [] : outcome.issues);
    return issue;
  }
  const parents = members.flatMap((parent) => (parent.depends.includes(name) ? parent.name : [])).sort();
  const { version } = member;
  return notNeeded({ package: name, version, package_set: flag, parents, required: packages.length > 0 });
}

export function whyLines(
  { target, package: resolved, chains, more_chains }: WhyAnswer,
  screen: Screen,
): string[] {
  if (!resolved) return [];
  const { colors, detail } = screen;
  const { wheel, requested } = resolved;
  const { runtime, package_set } = target;
  const size = wheel.size === null ? '' : `, ${bytes(wheel.size)}`;
  const by = `${package_set.flag}, Pyodide ${runtime.pyodide}, Python ${runtime.python}`;
  const file = [
    { label: 'File', value: `${wheel.filename}${size}` },
    { label: 'SHA-256', value: wheel.sha256 },
  ];
  const patch = patchFields(wheel.patched);
  const more = detail === 'full' ? [...file, ...patch] : patch.slice(0, wheel.patched ? 1 : 0);
  const { origin = 'set' } = resolved;
  const place =
    origin === 'set'
      ? [{ label: 'Pinned by', value: by }]
      : [
          { label: 'From', value: `the ${origin}` },
          { label: 'Beside', value: by },
        ];
  const fields = [...place, ...more];
  return joinSections([
    [
      `${colors.bold(visible(`${resolved.name} ${resolved.version}`))} is ${requested ? 'requested' : 'required'}:`,
      ...chains.map((chain) => `  ${chainText(chain, screen)}`),
      ...(more_chains > 0 ? [`  and in ${grouped(more_chains)} more ways`] : []),
    ],
    detail === 'answer' ? [] : fieldLines(fields, screen),
    diagnosticLines(target.diagnostics, screen),
  ]);
}

function patchFields(patched: Patched | null): Field[] {
  if (patched?.by !== 'pinwheel') {
    if (!patched) return [{ label: 'Patch', value: 'no known patch' }];
    return [{ label: 'Patched by', value: patcherOf(patched.by) }];
  }
  const { patch, release, upstream, recipe } = patched;
  const command = rebuildCommand(patched);
  return [
    { label: 'Patched by', value: `${patcherOf(patched.by)}, with release ${release} of its patch ${patch}` },
    { label: 'Upstream file', value: upstream.filename },
    { label: 'Upstream SHA-256', value: upstream.sha256 },
    { label: 'Recipe SHA-256', value: recipe },
    { label: 'Rebuilt by', value: command, reason: "In Pinwheel's sources." },
  ];
}

/** The requested package first, and the package in question last. */
function chainText(chain: readonly string[], { colors }: Screen): string {
  if (chain.length === 1) return 'it is a requirement itself';
  return chain.map((name, at) => (at === 0 ? colors.green(visible(name)) : visible(name))).join(' → ');
}
