import type { ResolveAnswer, ResolvedPackage } from '../../resolver/answer.ts';

/** What never changes of a package in an answer, as JSON, by the wheel that all answers from a set share. */
const fragments = new WeakMap<ResolvedPackage['wheel'], { before: string; after: string }>();

/**
 * The same bytes as `JSON.stringify(answer)`, in a fraction of its time: nine tenths of an answer are wheels,
 * which are written once for each set.
 */
export function renderAnswer({ registry, target, packages, totals, diagnostics }: ResolveAnswer): string {
  let list = '';
  for (const one of packages) {
    const { before, after } = fragmentsOf(one);
    // Canonical names need no escapes.
    const requiredBy = one.required_by.length === 0 ? '[]' : `["${one.required_by.join('","')}"]`;
    list += `${list === '' ? '' : ','}${before}${one.requested},"required_by":${requiredBy}${after}`;
  }
  const head = `{"registry":${JSON.stringify(registry)},"target":${JSON.stringify(target)},"packages":[`;
  return `${head}${list}],"totals":${JSON.stringify(totals)},"diagnostics":${JSON.stringify(diagnostics)}}`;
}

function fragmentsOf({ name, version, depends, wheel }: ResolvedPackage): { before: string; after: string } {
  let fragment = fragments.get(wheel);
  if (!fragment) {
    fragment = {
      before: `${JSON.stringify({ name, version }).slice(0, -1)},"requested":`,
      after: `,${JSON.stringify({ depends, wheel }).slice(1)}`,
    };
    fragments.set(wheel, fragment);
  }
  return fragment;
}
