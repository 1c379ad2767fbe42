/** Answers about a set whose packages have evidence, beside the same from a registry that has none. */
import { loadDocuments } from '../../scripts/import/data-files.ts';
import { type LocalRegistry, startLocalRegistry } from '../../scripts/local-registry.ts';
import { load } from './load.ts';
import { line, type Report, ratio } from './report.ts';
import { newQuestions, operationsOf } from './requests.ts';
import { medianRatio } from './rounds.ts';

const FLAG = 'python_3.13_packages_2025_10_20';
const ROUNDS = 20;
const SECONDS = 1;

export async function benchEvidence(report: Report): Promise<void> {
  const documents = await loadDocuments();
  const without = documents.filter(({ document }) => document.kind !== 'evidence');
  const bare = await startLocalRegistry({ documents: without });
  const full = await startLocalRegistry({ documents });
  const unseen = newQuestions(['fastapi', 'aiohttp', 'openai', 'numpy']);
  const questions = (count: number) => unseen.take(count).map((path) => `${path}&flag=${FLAG}`);
  try {
    const cold = {
      bare: await coldReads(bare, questions(1)[0]!),
      full: await coldReads(full, questions(1)[0]!),
    };
    line(`${documents.length - without.length} documents of evidence; ${FLAG}`);
    report({
      what: 'D1 and R2 operations of an isolate that knows nothing',
      figure: `${cold.full}`,
      goal: `${cold.bare}, as without evidence`,
      met: cold.full <= cold.bare,
    });
    const origins = { bare: await directOf(bare), full: await directOf(full) };
    const before = await operationsOf(origins.full);
    const rates = await medianRatio(
      () => load(origins.bare, questions(20_000), SECONDS),
      () => load(origins.full, questions(20_000), SECONDS),
      ROUNDS,
    );
    const after = await operationsOf(origins.full);
    const reads = after.d1 + after.r2 - before.d1 - before.r2;
    line(
      `every question new: ${rates.first.toFixed(0)}/s without, ${rates.second.toFixed(0)}/s with evidence`,
    );
    report({ what: 'D1 and R2 operations meanwhile', figure: `${reads}`, goal: '0', met: reads === 0 });
    report(ratio('GET /v1/resolve, with evidence : without', rates.ratio, 0.95));
  } finally {
    await bare.stop();
    await full.stop();
  }
}

const directOf = ({ miniflare }: LocalRegistry) => miniflare.unsafeGetDirectURL('pinwheel');

/** The operations of the first answer of a new isolate, which has evidence if there is any. */
async function coldReads(registry: LocalRegistry, path: string): Promise<number> {
  await registry.restart();
  const direct = await directOf(registry);
  const response = await fetch(new URL(path, direct));
  if (!response.ok) throw new Error(`${path}: ${await response.text()}`);
  await response.arrayBuffer();
  // The look at the revision is that of this request, the second one.
  const { d1, r2 } = await operationsOf(direct);
  return d1 + r2;
}
