/** Answers from a registry's REST API. Nothing it sends is trusted to have the shape it should have. */
import { wheelPath } from '../../resolver/closure/prepare.ts';
import type { PyodideLock } from '../../resolver/formats/pyodide-lock.ts';
import type { Guard } from '../../resolver/shape.ts';
import { misused, outOfReach } from '../failure.ts';
import type { Question } from '../input/question.ts';
import { type Exchange, exchange } from './exchange.ts';
import {
  isCompareAnswer,
  isPyodideLock,
  isResolveAnswer,
  isSetAnswer,
  isSources,
  isTargetAnswer,
  isWhenAnswer,
} from './shape.ts';
import type { Answer, Answers } from './types.ts';

/** Longer questions go into a body: some servers and proxies refuse longer URLs. */
const LONGEST_URL = 4_000;

export function registryAnswers(address: string, limits?: Partial<Exchange['limits']>): Answers {
  const base = readAddress(address);
  const ask = async <Document>(guard: Guard<Document>, request: Omit<Exchange, 'limits'>) => {
    const json = await exchange({ ...request, limits });
    return { json, document: read(guard, json, request.url) } satisfies Answer<Document>;
  };
  const at = (path: string, query: URLSearchParams) => {
    const url = new URL(path, base);
    url.search = query.toString();
    return url;
  };
  return {
    resolve(question, requirements) {
      const query = queryOf(question);
      for (const requirement of requirements) query.append('requirement', requirement);
      const url = at('v1/resolve', query);
      if (url.href.length <= LONGEST_URL) return ask(isResolveAnswer, { url });
      const body = JSON.stringify(bodyOf(question, requirements));
      return ask(isResolveAnswer, { url: at('v1/resolve', new URLSearchParams()), body });
    },
    target: (question) => ask(isTargetAnswer, { url: at('v1/target', queryOf(question)) }),
    packageSet: (flag, revision) =>
      ask(isSetAnswer, { url: at(`v1/sets/${encodeURIComponent(flag)}`, revisionQuery(revision)) }),
    async sourceOf(flag, revision) {
      const { document } = await ask(isSources, { url: at('v1/sets', revisionQuery(revision)) });
      const set = document.sets.find((one) => one.flag === flag);
      if (set) return set.source;
      throw outOfReach(`The registry at ${base.origin} does not know its own set ${flag}.`, 'Try again.');
    },
    when(question, requirement) {
      const query = queryOf({ ...question, compatibility_date: null });
      query.set('requirement', requirement);
      return ask(isWhenAnswer, { url: at('v1/when', query) });
    },
    compare(question, sides, requirements) {
      const query = queryOf({ ...question, compatibility_date: null });
      for (const [side, asked] of Object.entries(sides)) query.set(side, asked);
      for (const requirement of requirements) query.append('requirement', requirement);
      const url = at('v1/compare', query);
      if (url.href.length <= LONGEST_URL) return ask(isCompareAnswer, { url });
      const { compatibility_date: _, ...rest } = bodyOf(question, requirements);
      const body = JSON.stringify({ ...rest, ...sides });
      return ask(isCompareAnswer, { url: at('v1/compare', new URLSearchParams()), body });
    },
    async pyodideLock({ target, registry, packages }) {
      const query = revisionQuery(registry.revision);
      for (const { name, requested } of packages) if (requested) query.append('requirement', name);
      const path = `v1/sets/${encodeURIComponent(target.package_set.flag)}/pyodide-lock.json`;
      const { document } = await ask(isPyodideLock, { url: at(path, query) });
      return packages.length > 0 ? document : ({ ...document, packages: {} } satisfies PyodideLock);
    },
    // Below the registry's own URL, which may have a path; what it says in `url` is not needed for that.
    fileUrls: (packages) => packages.map(({ wheel }) => new URL(`.${wheelPath(wheel)}`, base).href),
    simpleIndex: (flag) => new URL(`simple/${encodeURIComponent(flag)}/`, base).href,
  };
}

function readAddress(address: string): URL {
  const fix = 'Write it as in https://registry.example or http://127.0.0.1:8787.';
  const url = URL.canParse(address) ? new URL(address) : null;
  if (!url || !/^https?:$/.test(url.protocol))
    throw misused(`--registry ${address} is no URL of a registry.`, fix);
  if (url.username !== '' || url.password !== '') {
    throw misused('The URL of --registry carries a user name or a password; registries answer without.', fix);
  }
  if (!url.pathname.endsWith('/')) url.pathname += '/';
  return url;
}

function read<Document>(guard: Guard<Document>, json: string, url: URL): Document {
  let value: unknown;
  try {
    value = JSON.parse(json);
  } catch {
    value = undefined;
  }
  if (guard(value)) return value;
  const message = `What ${url.origin}${url.pathname} sent is no answer of a registry.`;
  throw outOfReach(message, 'Check the URL of --registry.');
}

function queryOf(question: Question): URLSearchParams {
  const { compatibility_date: date, compatibility_flags: flags, as_of, experimental, revision } = question;
  const query = new URLSearchParams();
  if (date !== null) query.set('date', date);
  for (const flag of flags) query.append('flag', flag);
  if (as_of !== null) query.set('as_of', as_of);
  if (experimental) query.set('experimental', 'true');
  if (revision !== null) query.set('revision', String(revision));
  return query;
}

/** The same as a body, which has no members for what is left to the registry. */
function bodyOf({ as_of, revision, ...rest }: Question, requirements: readonly string[]) {
  return {
    ...rest,
    requirements,
    ...(as_of === null ? {} : { as_of }),
    ...(revision === null ? {} : { revision }),
  };
}

function revisionQuery(revision: number | null): URLSearchParams {
  return new URLSearchParams(revision === null ? {} : { revision: String(revision) });
}
