/** Answers from the data that the package carries. Only the files that a question needs are read. */
import type { ResolvedPackage } from '../../resolver/answer.ts';
import type { Catalog, CatalogSet, PackageSet } from '../../resolver/catalog.ts';
import type { Pin } from '../../resolver/closure/explain.ts';
import { type PreparedSet, prepareSet } from '../../resolver/closure/prepare.ts';
import { type ResolveSource, resolve } from '../../resolver/closure/resolve.ts';
import { selectTarget, type TargetQuestion } from '../../resolver/compatibility/target.ts';
import { type CatalogView, viewCatalog } from '../../resolver/compatibility/view.ts';
import { canonicalJson } from '../../resolver/digest.ts';
import { fileUrls } from '../../resolver/formats/file-urls.ts';
import { toPyodideLock } from '../../resolver/formats/pyodide-lock.ts';
import type { Outcome } from '../../resolver/issue.ts';
import { compare } from '../../resolver/time/compare.ts';
import { moduleReader, type ReadModules } from '../../resolver/time/standard-library.ts';
import { when } from '../../resolver/time/when.ts';
import { unanswered } from '../failure.ts';
import type { Question } from '../input/question.ts';
import { readPackageJson } from '../package-root.ts';
import type { Answer, Answers, SetAnswer } from './types.ts';

export function carriedAnswers(): Answers {
  const catalog = readPackageJson('data/catalog.json') as Catalog;
  const source = carriedSource(catalog);
  const viewAt = (revision: number | null) => unwrap(viewCatalog(catalog, revision ?? undefined));
  return {
    async resolve(question, requirements) {
      const view = viewAt(question.revision);
      return answer(unwrap(await resolve(view, { ...askedToday(question), requirements }, source)));
    },
    async target(question) {
      const view = viewAt(question.revision);
      return answer({ registry: view.stamp, ...unwrap(selectTarget(view, askedToday(question))) });
    },
    async packageSet(flag, revision) {
      const head = headOf(viewAt(revision), flag);
      return answer(setAnswer(head, readSet(flag)));
    },
    async sourceOf(flag, revision) {
      return headOf(viewAt(revision), flag).source;
    },
    async when(question, requirement) {
      const view = viewAt(question.revision);
      return answer(unwrap(await when(view, { ...askedToday(question), requirement }, source)));
    },
    async compare(question, sides, requirements) {
      const view = viewAt(question.revision);
      const asked = { ...askedToday(question), ...sides, requirements };
      return answer(unwrap(await compare(view, asked, { ...source, readModules: carriedModules() })));
    },
    async pyodideLock({ target, registry, packages }) {
      const { flag } = target.package_set;
      const { members, index } = prepareSet(readSet(flag));
      const closure = packages.map(({ name }) => members[index.get(name)!]!);
      return toPyodideLock(headOf(viewAt(registry.revision), flag), closure, upstreamUrls(packages));
    },
    fileUrls: (packages) => packages.map(upstreamUrls(packages)),
    simpleIndex: () => null,
  };
}

/** The resolver's seam to the world, on the package's own files. */
function carriedSource(catalog: Catalog): ResolveSource {
  const opened = new Map<string, PreparedSet>();
  return {
    async openSet({ flag }) {
      const known = opened.get(flag);
      if (known) return known;
      const prepared = prepareSet(readSet(flag));
      opened.set(flag, prepared);
      return prepared;
    },
    async readPins(names) {
      const wanted = new Set(names);
      const pins = new Map<string, Pin[]>();
      for (const { flag } of catalog.sets) {
        for (const { name, version } of readSet(flag).packages) {
          if (!wanted.has(name)) continue;
          const known = pins.get(name);
          if (known) known.push({ flag, version });
          else pins.set(name, [{ flag, version }]);
        }
      }
      return pins;
    },
  };
}

/** What Pyodides can import, as it was measured. */
function carriedModules(): ReadModules {
  return moduleReader(
    readPackageJson('data/standard-library/measured.json') as Parameters<typeof moduleReader>[0],
  );
}

function readSet(flag: string): PackageSet {
  return readPackageJson(`data/sets/${flag}.json`) as PackageSet;
}

/** The set under a flag that a target of this view named, so it is there. */
function headOf(view: CatalogView, flag: string): CatalogSet {
  return view.sets.get(flag)!;
}

function setAnswer(head: CatalogSet, set: PackageSet): SetAnswer {
  const { flag, python, abi, runtime, released, default_from, digest, source, package_count, platform } =
    head;
  return {
    flag,
    python,
    abi,
    runtime,
    released,
    default_from,
    digest,
    source,
    package_count,
    platform,
    // Registries store sets as canonical JSON, so their members' keys are sorted.
    packages: JSON.parse(canonicalJson(set.packages)),
  };
}

function askedToday(question: Question): TargetQuestion {
  const { revision: _, as_of, ...rest } = question;
  return { ...rest, as_of: as_of ?? new Date().toISOString().slice(0, 10) };
}

function unwrap<Value>(outcome: Outcome<Value>): Value {
  if (outcome.ok) return outcome.value;
  throw unanswered(outcome.issues);
}

function answer<Document>(document: Document): Answer<Document> {
  return { document, json: JSON.stringify(document) };
}

function upstreamUrls(packages: readonly ResolvedPackage[]): (one: { name: string }) => string {
  const urls = fileUrls(packages, null);
  if (urls.ok) return urls.value;
  throw unanswered(urls.issues.map((issue) => ({ ...issue, fix: 'Name a registry with --registry URL.' })));
}
