/** The pages: the questions of the API with forms around them, whole without JavaScript. */
import { Hono } from 'hono';
import type { Env } from '../env.ts';
import { PROBLEMS, type ProblemCode } from '../http/problem.ts';
import { StorageUnavailableError } from '../storage/isolate.ts';
import { assets } from './assets.ts';
import { comparePage } from './compare/route.tsx';
import { factPages } from './facts/route.tsx';
import { feed } from './feed/route.ts';
import { homePage } from './home/route.tsx';
import { packagePage } from './package/route.tsx';
import { packagesPage } from './packages/route.tsx';
import { FailurePage } from './parts/failure-page.tsx';
import { sendPage } from './parts/respond.ts';
import { patchedPage } from './patched/route.tsx';
import { playgroundPage } from './playground/route.tsx';
import { stdlibPage } from './stdlib/route.tsx';

export const pages = new Hono<Env>();

const ROUTES = [
  assets,
  homePage,
  packagesPage,
  packagePage,
  factPages,
  patchedPage,
  comparePage,
  stdlibPage,
  playgroundPage,
  feed,
];
for (const routes of ROUTES) pages.route('/', routes);

pages.onError((error) => {
  const code: ProblemCode =
    error instanceof StorageUnavailableError ? 'storage_unavailable' : 'internal_error';
  console.error(error.message, error.cause ?? error);
  const { status, title } = PROBLEMS[code];
  return sendPage(status, <FailurePage title={title} temporary={code === 'storage_unavailable'} />);
});
