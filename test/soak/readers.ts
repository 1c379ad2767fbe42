/** Sends requests of many kinds concurrently until it is stopped. */
import { Random } from '../resolver/requirements/random.ts';

export interface Question {
  compatibility_date: string;
  compatibility_flags: string[];
  requirements: string[];
  as_of: string;
}

/** An answer of `/v1/resolve`, with what was asked. */
export interface Answered {
  question: Question;
  target: string;
  body: string;
}

export interface Read {
  /** All requests, those that failed included. */
  requests: number;
  /** Some of the answers, as likely from the beginning as from the end. */
  answered: Answered[];
  /** Failed requests, each with the reason. */
  failed: string[];
  seconds: number;
  /** In milliseconds, of all requests. */
  percentile(share: number): string;
}

const DATES = ['2025-11-02', '2026-01-15', '2026-08-01', '2026-11-01'];
const LISTS = [['fastapi'], ['numpy'], ['aiohttp', 'jinja2'], ['pydantic>=2'], ['httpx']];
/** Beside questions: what others ask meanwhile. */
const OTHERS = [
  '/v1/sets',
  '/v1/flags',
  '/v1/packages?query=py',
  '/healthz',
  '/v1/log',
  '/simple/python_3.14_packages_2026_08_25/numpy/',
  '/',
  '/packages/numpy',
];
/** How many of a hundred requests are some of `OTHERS`. */
const OTHERWISE = 15;
/** Answers kept to be compared: all of ten minutes would not fit into memory. */
const KEPT = 20_000;

export async function readers(origin: URL, count: number, goesOn: () => boolean): Promise<Read> {
  const [answered, failed, times]: [Answered[], string[], number[]] = [[], [], []];
  const random = new Random(1);
  const started = performance.now();
  let [asked, answers] = [0, 0];
  const keep = (kept: Answered) => {
    const at = answers++ < KEPT ? answered.length : random.below(answers);
    if (at < KEPT) answered[at] = kept;
  };
  const read = async () => {
    while (goesOn()) {
      const turn = asked++;
      const question = turn % 100 < OTHERWISE ? null : questionOf(turn);
      const target = question ? addressOf(question) : OTHERS[turn % OTHERS.length]!;
      const before = performance.now();
      try {
        const response = await fetch(new URL(target, origin));
        const text = await response.text();
        times.push(performance.now() - before);
        if (response.status !== 200) failed.push(`${response.status} ${target}: ${text.slice(0, 200)}`);
        else if (question) keep({ question, target, body: text });
      } catch (error) {
        failed.push(`${target}: ${(error as Error).message}`);
      }
    }
  };
  await Promise.all(Array.from({ length: count }, read));
  const seconds = (performance.now() - started) / 1000;
  const sorted = times.sort((a, b) => a - b);
  const percentile = (share: number) => (sorted[Math.floor((sorted.length * share) / 100)] ?? 0).toFixed(1);
  return { requests: asked, answered, failed, seconds, percentile };
}

/** Some are asked again and again, and every other one is new. */
function questionOf(turn: number): Question {
  const fresh = turn % 2 === 0 ? [`typing-extensions!=0.${turn}`] : [];
  return {
    compatibility_date: DATES[turn % DATES.length]!,
    compatibility_flags: ['python_workers'],
    requirements: [...LISTS[turn % LISTS.length]!, ...fresh],
    as_of: '2026-11-20',
  };
}

function addressOf({ compatibility_date, compatibility_flags, requirements, as_of }: Question): string {
  const query = new URLSearchParams({ date: compatibility_date, as_of });
  for (const flag of compatibility_flags) query.append('flag', flag);
  for (const requirement of requirements) query.append('requirement', requirement);
  return `/v1/resolve?${query}`;
}
