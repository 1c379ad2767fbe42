/** Renders a derivation as prose: facts first, then conclusions, each step once. */

import { groupedBy } from '../sorted-by.ts';
import { printable, series } from '../text/printable.ts';
import type { Claim, Derivation, DerivationStep, Unmet } from './derivation.ts';

/** Longer derivations are listed as facts alone: nobody follows a hundred steps. */
const MOST_STEPS = 40;
const MOST_FACTS = 12;

/**
 * Why requirements cannot be satisfied, in sentences with a line each.
 * @example
 * ```ts
 * import { reportDerivation } from 'pinwheel-py/solver';
 * const unmet = { kind: 'pinned', set: 'python_3.13_packages_2025_09_22', version: '0.116.1' } as const;
 * const because = { kind: 'requirement', requirement: 'fastapi>=1', unmet } as const;
 * reportDerivation([{ claims: [], because }]); // → 'You require fastapi>=1, but the package set python_3.13_packages_2025_09_22 pins 0.116.1.'
 * ```
 */
export function reportDerivation(derivation: Derivation): string {
  const derived = derivation.filter(({ because }) => because.kind === 'conflict');
  if (derived.length > MOST_STEPS) return reportFacts(derivation);
  if (derived.length === 0) {
    const facts = derivation.map((step) => sayWith(step, (unmet) => `, but ${unmet}`));
    const text = facts.filter(Boolean).join(', and ');
    return `${text.charAt(0).toUpperCase()}${text.slice(1)}.`;
  }
  return new Report(derivation).write();
}

function reportFacts(derivation: Derivation): string {
  const facts = derivation
    .filter(({ because }) => because.kind !== 'conflict')
    .map(say)
    .filter(Boolean);
  const lines = facts.slice(0, MOST_FACTS).map((fact) => `- ${fact}`);
  if (facts.length > MOST_FACTS) lines.push(`- and ${facts.length - MOST_FACTS} more`);
  return ['No versions satisfy everything that you require:', ...lines].join('\n');
}

class Report {
  readonly #steps: Derivation;
  readonly #lines: string[] = [];
  /** How many steps follow from each. */
  readonly #uses: number[];
  /** The number that a step's line was given. */
  readonly #numbers = new Map<number, number>();

  constructor(steps: Derivation) {
    this.#steps = steps;
    this.#uses = steps.map(() => 0);
    for (const { because } of steps) {
      if (because.kind === 'conflict') for (const step of because.steps) this.#uses[step]!++;
    }
  }

  write(): string {
    this.#visit(this.#steps.length - 1, false);
    return this.#lines.join('\n');
  }

  /** Writes the line of a step, after those that it builds on. */
  #visit(at: number, isReferred: boolean): void {
    const [begin, reasons] = this.#lead(at);
    const because = reasons.filter((reason) => reason !== '').join(' and ');
    const line = because === '' ? `So ${this.#claim(at)}.` : `${begin} ${because}, ${this.#claim(at)}.`;
    const isNumbered = isReferred || this.#uses[at]! > 1;
    if (isNumbered) this.#numbers.set(at, this.#numbers.size + 1);
    this.#lines.push(isNumbered ? `${line} (${this.#numbers.size})` : line);
  }

  /** How the line of a step begins, and its reasons beside the line before it. */
  #lead(at: number): [begin: string, reasons: string[]] {
    const parents = this.#parents(at)!;
    const and = at === this.#steps.length - 1 ? 'So, because' : 'And because';
    const derived = parents.filter((parent) => this.#parents(parent));
    const unwritten = derived.filter((parent) => !this.#numbers.has(parent));
    const [first, second] = unwritten;
    if (first === undefined) return ['Because', parents.map((parent) => this.#reason(parent))];
    const rest = parents.find((parent) => parent !== first)!;
    if (second !== undefined) {
      this.#visit(first, true);
      if (!this.#numbers.has(second)) this.#visit(second, false);
      else return ['Because', parents.map((parent) => this.#reason(parent))];
      return [and, [this.#reason(first)]];
    }
    // A step that only this one follows from, and that adds one fact, needs no line of its own.
    const inner = this.#parents(first)!;
    const deeper = inner.filter((step) => this.#parents(step));
    if (
      derived.length === 1 &&
      this.#uses[first] === 1 &&
      deeper.length === 1 &&
      !this.#numbers.has(deeper[0]!)
    ) {
      this.#visit(deeper[0]!, false);
      const added = inner.find((step) => step !== deeper[0])!;
      return [and, [this.#reason(added), this.#reason(rest)]];
    }
    this.#visit(first, false);
    return [and, [this.#reason(rest)]];
  }

  #parents(at: number): [number, number] | null {
    const { because } = this.#steps[at]!;
    return because.kind === 'conflict' ? because.steps : null;
  }

  /** A step as a reason: a fact, or what a line said with its number. */
  #reason(at: number): string {
    if (!this.#parents(at)) return say(this.#steps[at]!);
    const number = this.#numbers.get(at);
    return number === undefined ? this.#claim(at) : `${this.#claim(at)} (${number})`;
  }

  #claim(at: number): string {
    return conclude(this.#steps[at]!.claims);
  }
}

/** The sentence for claims that cannot all be true. */
function conclude(claims: readonly Claim[]): string {
  const mine = claims.some(({ name }) => name === '');
  const others = claims.filter(({ name }) => name !== '');
  const installed = others.filter((claim) => claim.installed).map(nameOf);
  const absent = others.filter((claim) => !claim.installed).map(nameOf);
  if (others.length === 0) return 'your requirements cannot be satisfied';
  if (mine && installed.length === 0) return `your requirements need ${absent.join(' or ')}`;
  if (mine)
    return `your requirements rule out ${installed.join(' with ')}${absent.length > 0 ? ` unless there is ${absent.join(' or ')}` : ''}`;
  if (installed.length === 0) return `${absent.join(' or ')} is needed`;
  if (absent.length > 0) return `${installed.join(' with ')} needs ${absent.join(' or ')}`;
  if (installed.length === 1)
    return `${installed[0]} cannot be used`.replace(/^every version (.*) cannot/, 'no version $1 can');
  return `${installed.join(' and ')} do not go together`;
}

function nameOf({ name, versions }: Pick<Claim, 'name' | 'versions'>): string {
  if (versions === '') return `every version of ${name}`;
  return /^==[^ ]+$/.test(versions) ? `${name} ${versions.slice(2)}` : name + versions;
}

/** A fact as part of a sentence; empty for the one that there is a question. */
function say(step: DerivationStep): string {
  return sayWith(step, (unmet) => ` (${unmet})`);
}

function sayWith({ because }: DerivationStep, aside: (unmet: string) => string): string {
  const unmet = 'unmet' in because && because.unmet ? aside(sayUnmet(because.unmet)) : '';
  if (because.kind === 'unusable') return `${nameOf(because)} ${because.reason}`;
  if (because.kind === 'conflict' || because.requirement === '') return '';
  const who = because.kind === 'requirement' ? 'you require' : `${nameOf(because)} depends on`;
  return `${who} ${printable(because.requirement)}${unmet}`;
}

function sayUnmet(unmet: Unmet): string {
  if (unmet.kind === 'pinned') return `the package set ${unmet.set} pins ${unmet.version}`;
  // The host of a lock has no set, and what the index replaces does not come from it.
  if (unmet.kind === 'unknown') {
    const { set, indexes } = unmet;
    if (set === '')
      return indexes.length === 0 ? 'no index is given' : `${sayIndexes(indexes)} no package of that name`;
    const more = indexes.length === 0 ? 'no index is given' : `neither ${sayIndexes(indexes, true)}`;
    return `the package set ${set} has no package of that name, and ${more}`;
  }
  if (unmet.left_out.length > 0) {
    // The moment of an upload is that of the newest.
    const byReason = groupedBy(unmet.left_out, ({ reason, detail }) =>
      reason === 'python' ? reason + detail : reason,
    );
    return [...byReason.values()].map(sayLikes).join('; ');
  }
  if (unmet.indexes.length === 0) return `the wheel at its URL is ${unmet.newest ?? 'not for this runtime'}`;
  const newest =
    unmet.newest === null ? 'no version that can be used' : `${unmet.newest} as its newest version`;
  return `${sayIndexes(unmet.indexes)} ${newest}`;
}

function sayIndexes(urls: readonly string[], isAfter = false): string {
  const [name, verb] =
    urls.length === 1 ? [`the index ${urls[0]}`, 'has'] : [`the indexes ${series(urls)}`, 'have'];
  return isAfter ? `${verb} ${name}` : `${name} ${verb}`;
}

type LeftOut = (Unmet & { kind: 'no_version' })['left_out'][number];

const LEFT_OUT: Record<LeftOut['reason'], (detail: string) => string> = {
  constraint: () => 'which a constraint excludes',
  too_new: (moment) => `which was uploaded after the cut-off, at ${moment}`,
  python: (versions) => `which requires Python ${printable(versions)}`,
  other_platforms: () => 'which has no wheel for this runtime',
  no_wheel: () => 'which has no wheel, only its source',
  no_sha256: () => 'for which the index has no SHA-256',
  pre_release: () => 'a pre-release that no requirement asks for by its version',
  yanked: () => 'which was yanked',
};

/** Several versions that are left out for the same reason. */
function sayLikes([first, ...more]: LeftOut[]): string {
  const { version, reason, detail } = first!;
  const others = more.length > 0 ? ` (like ${more.map((other) => other.version).join(', ')})` : '';
  return `${version} is left out, ${LEFT_OUT[reason](detail)}${others}`;
}
