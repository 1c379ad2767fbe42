/**
 * Every route of the registry but its pages: who may ask it, how its answers are cached, what it takes and what it gives.
 * The OpenAPI document, the router and the page `/api` follow from this table, and are in its order.
 */
import * as z from 'zod';
import { answerTarget } from '../resolver/compatibility/target.ts';
import { canonicalJson } from '../resolver/digest.ts';
import { when } from '../resolver/index.ts';
import {
  PackageFacts,
  StandardLibrary,
  StandardLibraryFacts,
} from '../resolver/python/standard-library-document.ts';
import { FIELDS, fieldsNamed } from '../resolver/question/fields.ts';
import * as schemas from '../resolver/schemas.ts';
import { CompareAnswer, WhenAnswer } from '../resolver/time/answers.ts';
import { sendDocument } from './api/documents.ts';
import { answerFlag, describeFlag, FlagDescription } from './api/flags.ts';
import { HEALTH_QUERY, Health, sendHealth } from './api/health.ts';
import { answerLock, answerSetLock, LOCK, sendFileAddress } from './api/lock.ts';
import { answerMcp } from './api/mcp.ts';
import {
  answerPackage,
  FoundPackages,
  LONGEST_NAME,
  MOST_FOUND,
  PackageHistory,
  searchPackages,
} from './api/packages.ts';
import { sendPublication, submission } from './api/publications.ts';
import { answerAudit, answerCheck, answerCompare, CHECK, COMPARE } from './api/questions.ts';
import { answerResolve, RESOLVE } from './api/resolve.ts';
import {
  answerMember,
  answerSet,
  listSets,
  PackageSet,
  PackageSets,
  StoredFiles,
  sendStored,
} from './api/sets.ts';
import { DescribedPackage, MemberWithEvidence } from './facts/patched.ts';
import { listRuntimes, RuntimeDescription } from './facts/runtimes.ts';
import { documents } from './facts/standard-library.ts';
import { describedQuery } from './http/described.ts';
import { REVISION, TARGET, UNDATED } from './http/question.ts';
import { redirect } from './http/reply.ts';
import {
  answerOf,
  fileRoute,
  given,
  notModified,
  ownRoute,
  postRoute,
  type Route,
  readRoute,
  rejected,
  unlisted,
} from './http/route.ts';
import { checkpointOf, keyOf, proofOf, tileAt } from './log/files.ts';
import { PublicationOutcome } from './publish/publish.ts';
import * as simple from './simple/describe.ts';
import { sendIndex, sendProject, sendRoot, toIndex } from './simple/routes.ts';
import { sourceOf } from './storage/history.ts';
import { sendWheel, takeWheel } from './wheels/route.ts';

const nameOf = (example: string) => z.string().meta({ example });
const SetPath = z.object({ flag: nameOf('python_3.13_packages_2025_08_08') });
const RevisionPath = z.object({
  revision: z.int().meta({ description: 'Of a publication, from 1.', example: 12 }),
});
const WheelPath = z.object({
  sha256: nameOf('64'.repeat(32)),
  filename: nameOf('httpx-0.28.1-py3-none-any.whl'),
});

const resolve = {
  path: '/v1/resolve',
  tag: 'Questions',
  summary: 'The closure of requirements: every package, pinned to one wheel, in load order',
  schema: schemas.ResolveAnswer.extend({ packages: z.array(DescribedPackage) }).meta({ id: 'ResolveAnswer' }),
  answer: answerResolve,
};

const audit = {
  path: '/v1/audit',
  tag: 'Questions',
  summary: 'The known vulnerabilities of the closure of requirements, and what clears each',
  schema: schemas.AuditAnswer.meta({ id: 'AuditAnswer' }),
  answer: answerAudit,
};

const compare = {
  path: '/v1/compare',
  tag: 'Questions',
  summary: 'Two compatibility dates or package flags side by side, and what becomes of a closure',
  needed: ['from', 'to'] as const,
  schema: CompareAnswer.meta({ id: 'CompareAnswer' }),
  answer: answerCompare,
};

const rows: readonly Route[] = [
  readRoute({ ...resolve, query: { ...RESOLVE, ...REVISION } }),
  postRoute({
    ...resolve,
    body: RESOLVE,
    needed: ['requirements'],
    name: 'ResolveQuestion',
    example: {
      compatibility_date: '2025-11-02',
      compatibility_flags: ['python_workers'],
      requirements: ['fastapi', 'httpx>=0.28'],
    },
  }),
  readRoute({ ...audit, query: { ...RESOLVE, ...REVISION } }),
  postRoute({
    ...audit,
    body: RESOLVE,
    needed: ['requirements'],
    name: 'AuditQuestion',
    example: {
      compatibility_date: '2025-11-02',
      compatibility_flags: ['python_workers'],
      requirements: ['requests', 'jinja2'],
    },
  }),
  postRoute({
    path: '/v1/lock',
    tag: 'Questions',
    summary:
      'A package set and what requirements add to it, as a pyodide-lock.json that Pyodide loads as it is',
    body: LOCK,
    name: 'LockQuestion',
    example: {
      compatibility_date: '2025-11-02',
      compatibility_flags: ['python_workers'],
      requirements: ['fastapi'],
    },
    schema: z
      .looseObject({ info: z.looseObject({}), packages: z.record(z.string(), z.looseObject({})) })
      .meta({ id: 'PyodideLock' }),
    answer: answerLock,
  }),
  readRoute({
    path: '/v1/target',
    tag: 'Questions',
    summary: 'Which runtime and which package set a date and flags select, and why',
    query: { ...TARGET, ...REVISION },
    schema: schemas.TargetAnswer.meta({ id: 'TargetAnswer' }),
    answer: ({ view, query }) => answerOf(answerTarget(view, query)),
  }),
  readRoute({
    path: '/v1/runtimes',
    tag: 'Facts',
    summary: 'Every Python runtime: those that workerd includes, and those that package sets were built for',
    query: REVISION,
    schema: z.strictObject({ runtimes: z.array(RuntimeDescription) }).meta({ id: 'Runtimes' }),
    answer: ({ view }) => ({ runtimes: listRuntimes(view) }),
  }),
  readRoute({
    path: '/v1/flags',
    tag: 'Facts',
    summary: 'Every compatibility flag that the newest known workerd has',
    query: REVISION,
    schema: z
      .strictObject({ workerd: z.string().nullable(), flags: z.array(FlagDescription) })
      .meta({ id: 'Flags' }),
    answer: ({ view }) => ({
      workerd: view.workerd,
      flags: view.flags.map((fact) => describeFlag(view, fact)),
    }),
  }),
  readRoute({
    path: '/v1/flags/{flag}',
    tag: 'Facts',
    summary: 'One compatibility flag, by either of its names, or one package flag',
    query: REVISION,
    params: z.object({ flag: nameOf('python_workers_314') }),
    schema: FlagDescription,
    answer: ({ view, params: { flag } }) => answerFlag(view, flag),
  }),
  readRoute({
    path: '/v1/sets',
    tag: 'Facts',
    summary: 'Every package set, the oldest first',
    query: REVISION,
    schema: PackageSets,
    answer: ({ view }) => listSets(view),
  }),
  readRoute({
    path: '/v1/sets/{flag}',
    tag: 'Facts',
    summary: 'One package set with all its members',
    query: REVISION,
    params: SetPath,
    schema: PackageSet,
    answer: answerSet,
  }),
  ownRoute({
    path: '/v1/sets/{flag}/stored',
    tag: 'Package sets',
    summary: 'The files of a package set whose bytes this registry has, by their SHA-256',
    caching: 'never',
    params: z.object({ flag: nameOf('python_3.13_packages_2025_09_22') }),
    responses: { 200: given('Which of how many', { 'application/json': StoredFiles }) },
    respond: sendStored,
  }),
  readRoute({
    path: '/v1/sets/{flag}/packages/{name}',
    tag: 'Facts',
    summary: 'One package of a set',
    query: REVISION,
    params: SetPath.extend({ name: nameOf('numpy') }),
    schema: MemberWithEvidence,
    answer: answerMember,
  }),
  readRoute({
    path: '/v1/sets/{flag}/pyodide-lock.json',
    tag: 'Facts',
    summary: 'A set, or the closure of requirements in it, as a lock that Pyodide loads as it is',
    query: {
      ...REVISION,
      requirements: {
        ...FIELDS.requirements,
        meaning: 'cuts the lock down to the closure of these requirements',
        example: undefined,
      },
      relative: {
        kind: 'flag',
        meaning:
          'names files without URLs, for `packageBaseUrl: "…/v1/sets/{flag}/files/"`. Pyodide in Node, given a ' +
          '`packageCacheDir` as well, loads packages by their names from such a lock alone',
      },
    } as const,
    params: SetPath,
    schema: z.looseObject({}),
    answer: answerSetLock,
  }),
  ownRoute({
    path: '/v1/sets/{flag}/files/{filename}',
    tag: 'Facts',
    summary: 'The address of a file of a set, by its name',
    caching: 'revision',
    params: SetPath.extend({
      filename: nameOf('numpy-2.3.1-cp313-cp313-pyodide_2025_0_wasm32.tar.gz'),
    }),
    responses: { 301: { description: 'Its address, which never changes' } },
    respond: sendFileAddress,
  }),
  readRoute({
    path: '/v1/packages',
    tag: 'Facts',
    summary: 'Packages of all sets, by part of their name, or by a module of theirs',
    query: {
      ...REVISION,
      query: {
        kind: 'text',
        meaning: 'a part of the name, or a module',
        example: 'pydantic',
        most: LONGEST_NAME,
      },
      limit: { kind: 'number', meaning: 'how many are listed', default: '50', most: MOST_FOUND },
    } as const,
    schema: FoundPackages,
    answer: searchPackages,
  }),
  readRoute({
    path: '/v1/packages/{name}',
    tag: 'Facts',
    summary:
      'Every version that a package ever had, by set; of a name that no set has, what the index of this registry has',
    query: REVISION,
    params: z.object({ name: nameOf('numpy') }),
    schema: PackageHistory,
    answer: answerPackage,
  }),
  readRoute({
    path: '/v1/log',
    tag: 'History',
    summary:
      'The publications, the oldest first, each with the root of the log up to it, and its day: that of the fact, such as a release, for what comes with Pinwheel',
    schema: z.strictObject({ publications: z.array(schemas.Publication) }).meta({ id: 'Log' }),
    answer: ({ snapshot }) => canonicalJson({ publications: snapshot.catalog.log }),
  }),
  readRoute({
    path: '/v1/log/{revision}',
    tag: 'History',
    summary: 'One publication',
    query: { answer_version: REVISION.answer_version },
    params: RevisionPath,
    schema: schemas.Publication.meta({ id: 'Publication' }),
    // An entry has the same bytes before and after it was stored.
    answer: ({ snapshot, params: { revision } }) => canonicalJson(snapshot.catalog.log[revision - 1]!),
  }),
  readRoute({
    path: '/v1/catalog',
    tag: 'History',
    summary: 'All flags, runtimes and sets over the whole history: what a resolver needs besides a set',
    schema: schemas.Catalog.meta({ id: 'Catalog' }),
    answer: ({ snapshot }) => snapshot.catalog,
  }),
  readRoute({
    path: '/v1/index',
    tag: 'History',
    summary: 'The newest publication and the facts that hold with it: what a resolver needs besides a set',
    schema: schemas.NewestIndex.meta({ id: 'NewestIndex' }),
    // The head is signed again every day.
    etagPart: ({ newest }) => newest.checkpoint?.trimEnd().slice(-16) ?? '',
    answer: ({ snapshot }) => snapshot.newest,
  }),
  ownRoute({
    method: 'post',
    path: '/v1/publications',
    tag: 'History',
    summary: 'Publish a document, or list everything that is wrong with it',
    access: 'publishers',
    caching: 'never',
    ...submission,
    responses: {
      200: given('It was published before with the same content, or only checked', {
        'application/json': PublicationOutcome,
      }),
      201: given('It is published', { 'application/json': PublicationOutcome }),
      400: rejected('The body cannot be read'),
      401: rejected('No token, or an invalid one'),
      403: rejected('A token for other kinds of document'),
      409: rejected('Something else was published under that name, or at the same time'),
      413: rejected('The body is too large'),
      415: rejected('The body is neither JSON nor a form'),
      422: rejected('Everything that is wrong with the document'),
    },
    respond: sendPublication,
  }),
  ownRoute({
    path: '/v1/documents/{digest}',
    tag: 'History',
    summary:
      'A document as it was published, the index of an entry of the log, or what the newest index names, as the canonical JSON that ' +
      'its SHA-256 is of',
    caching: 'forever',
    params: z.object({ digest: nameOf('5868a737289b9b239edb6dc95d5217b5ffbfb4793f27d7fbbad6e157cb4e14f3') }),
    responses: {
      200: given('The document', { 'application/json': z.looseObject({}) }),
      304: notModified,
    },
    respond: sendDocument,
  }),
  readRoute({
    path: '/v1/standard-library',
    tag: 'Facts',
    summary:
      'Which modules of the standard library each Pyodide has, and what they cannot do, as measured; and packages of ' +
      'which it is known that they cannot run, or are not needed',
    schema: z
      .strictObject({ facts: StandardLibraryFacts, measured: StandardLibrary, packages: PackageFacts })
      .meta({ id: 'StandardLibrary' }),
    answer: () => documents,
  }),
  ownRoute({
    path: '/healthz',
    tag: 'Operation',
    summary: 'Whether the registry can answer, and how often this isolate went to storage for it',
    caching: 'never',
    request: { query: describedQuery(HEALTH_QUERY, []) },
    responses: {
      200: given('Whether the registry can answer, and how often this isolate went to storage for it', {
        'application/json': Health,
      }),
      503: given('The same, if `strict` is given and something is wrong', { 'application/json': Health }),
    },
    respond: sendHealth,
  }),
  readRoute({
    path: '/v1/when',
    tag: 'Questions',
    summary: 'Every compatibility date and every package flag that satisfies a requirement',
    query: { ...UNDATED, ...REVISION, ...fieldsNamed('requirement') },
    needed: ['requirement'],
    schema: WhenAnswer.meta({ id: 'WhenAnswer' }),
    answer: async ({ view, query, env }) =>
      answerOf(await when(view, { ...query, requirement: query.requirement! }, sourceOf(env, view))),
  }),
  readRoute({ ...compare, query: { ...COMPARE, ...REVISION } }),
  postRoute({
    ...compare,
    body: COMPARE,
    name: 'CompareQuestion',
    example: { from: '2025-11-02', to: '2026-11-01' },
  }),
  postRoute({
    path: '/v1/check',
    tag: 'Questions',
    summary: 'What does not run of the files and requirements of a Worker, and what to do',
    body: CHECK,
    needed: ['files'],
    name: 'CheckQuestion',
    example: {
      compatibility_date: '2025-11-02',
      compatibility_flags: ['python_workers'],
      main: 'src/entry.py',
      requirements: ['fastapi'],
      files: { 'src/entry.py': 'import fastapi\nimport yaml' },
    },
    schema: z
      .looseObject({ target: z.looseObject({}), findings: z.array(z.looseObject({})) })
      .meta({ id: 'CheckAnswer' }),
    answer: answerCheck,
  }),
  fileRoute({
    path: '/log/checkpoint',
    tag: 'History',
    summary:
      'How many publications the log has and the root of their Merkle tree, signed (C2SP tlog-checkpoint)',
    gives: 'The checkpoint',
    caching: 'seconds',
    answer: checkpointOf,
  }),
  fileRoute({
    path: '/log/proof/{revision}',
    tag: 'History',
    summary:
      'Proves that a publication is in the log of the checkpoint, which comes with it (C2SP tlog-proof)',
    params: RevisionPath,
    gives: 'The proof',
    caching: 'seconds',
    answer: proofOf,
  }),
  fileRoute({
    path: '/log/key',
    tag: 'History',
    summary: 'The key by which checkpoints are verified, as `name+id+key` (C2SP signed-note)',
    gives: 'The key',
    caching: 'hour',
    answer: keyOf,
  }),
  fileRoute({
    path: '/log/tile/{path}',
    tag: 'History',
    summary:
      'A tile of the log: `{level}/{index}` of hashes, `entries/{index}` of publications (C2SP tlog-tiles)',
    params: z.object({ path: nameOf('entries/000.p/12') }),
    gives: 'The tile',
    isBinary: true,
    caching: 'forever',
    answer: tileAt,
  }),
  ownRoute({
    path: '/wheels/{sha256}/{filename}',
    tag: 'Wheels',
    summary: 'A file that some package set pins, by its SHA-256; with `Range`, a part of it',
    caching: 'forever',
    params: WheelPath,
    responses: {
      200: given('All of it', { 'application/octet-stream': z.any() }),
      206: given('One range', { 'application/octet-stream': z.any() }),
      304: { description: 'The bytes are those that `If-None-Match` names' },
    },
    respond: sendWheel,
  }),
  ownRoute({
    method: 'post',
    path: '/wheels/{sha256}/{filename}',
    tag: 'Wheels',
    summary: 'Store the bytes of a file that some package set pins',
    access: 'publishers',
    caching: 'never',
    params: WheelPath,
    request: { body: { required: true, content: { 'application/octet-stream': { schema: z.any() } } } },
    responses: {
      201: { description: 'It is stored' },
      401: rejected('No token, or an invalid one'),
      403: rejected('A token for other kinds of document'),
      413: rejected('The file is too large'),
      422: rejected('The bytes are others'),
    },
    respond: takeWheel,
  }),
  ownRoute({
    path: '/wheels/{sha256}/{filename}.metadata',
    tag: 'Wheels',
    summary: 'The METADATA of a wheel (PEP 658)',
    caching: 'forever',
    params: WheelPath,
    responses: {
      200: given('As it is in the wheel', { 'text/plain': z.string() }),
      304: { description: 'The bytes are those that `If-None-Match` names' },
    },
    // The router takes it for a file of that name.
    respond: sendWheel,
  }),
  unlisted('/simple', (c) => redirect(c.req.url, '/simple/')),
  ownRoute({ ...simple.root, respond: sendRoot }),
  unlisted('/simple/{flag}', toIndex),
  ownRoute({ ...simple.index, respond: sendIndex }),
  unlisted('/simple/{flag}/{name}', (c, params) => sendProject(c, params, false)),
  ownRoute({ ...simple.project, respond: (c, params) => sendProject(c, params, true) }),
];

const McpRequest = z.looseObject({}).meta({
  example: {
    ...{ jsonrpc: '2.0', id: 1, method: 'tools/call' },
    params: { name: 'when', arguments: { requirement: 'polars>=1', as_of: '2026-11-20' } },
  },
});

/** @param describe the OpenAPI document, which is made of these routes */
export const routesWith = (describe: () => object): readonly Route[] => [
  ...rows,
  ownRoute({
    method: 'post',
    path: '/mcp',
    tag: 'Questions',
    summary: 'The questions as tools of the Model Context Protocol (streamable HTTP, without sessions)',
    caching: 'never',
    request: { body: { required: true, content: { 'application/json': { schema: McpRequest } } } },
    responses: {
      200: given('The answer to a request (JSON-RPC 2.0)', { 'application/json': z.looseObject({}) }),
      202: { description: 'A notification was taken' },
    },
    respond: answerMcp(rows, describe),
  }),
];
