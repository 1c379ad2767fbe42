/** Hostile and nearly valid texts, the same for the same seed. */
import type { Random } from '../resolver/requirements/random.ts';
import { type Parser, USUAL_LENGTH } from './parser.ts';

/** Problematic characters: controls, look-alikes, halves of surrogate pairs, unusual white space. */
const ODD = [
  ...'\0\x01\x07\b\t\n\v\f\r\x1b\x1c\x7f\x80\x85\xa0\xad\xff',
  ...'ſKßİıа٣०𝟙😀\u0301\u200b\u200d\u202e\u2028\u2060\ufeff\ufffe\uffff',
  '\ud800',
  '\udc00',
  ...'()[]{}<>=!~,;:@#$%^&*+-_.?/\\|"\'`',
];

const PAIRS = ['()', '[]', '{}', '<>', '""', "''"] as const;

export function textFor(parser: Parser, random: Random): string {
  const text = roughText(parser, random);
  return text.slice(0, parser.usual ?? USUAL_LENGTH);
}

function roughText(parser: Parser, random: Random): string {
  const kind = random.below(100);
  if (kind < 30) return mistaken(random, sound(parser, random), parser.pieces);
  if (kind < 50) return sound(parser, random);
  if (kind < 72) return random.list(1, 40, () => piece(parser, random)).join('');
  if (kind < 80) return nested(parser, random);
  if (kind < 88) return repeated(parser, random);
  return random.list(0, random.chance(10) ? 300 : 40, () => anyCharacter(random)).join('');
}

/** A sample, a part of a long one, or a generated text. */
function sound({ make, samples, usual = USUAL_LENGTH }: Parser, random: Random): string {
  if (make && random.chance(70)) return make(random);
  const sample = random.pick(samples);
  if (sample.length <= usual || random.chance(20)) return sample;
  return sample.slice(random.below(sample.length - usual));
}

/** A text with one to four mistakes. */
function mistaken(random: Random, text: string, pieces: readonly string[]): string {
  return random
    .list(1, 4, () => 0)
    .reduce((mutant) => {
      const at = random.below(mutant.length + 1);
      const length = random.below(Math.min(20, mutant.length - at) + 1);
      const [before, part, after] = [
        mutant.slice(0, at),
        mutant.slice(at, at + length),
        mutant.slice(at + length),
      ];
      switch (random.below(6)) {
        case 0:
          return before + after;
        case 1:
          return before + part + part + after;
        case 2:
          return before + random.pick(pieces) + part + after;
        case 3:
          return before + anyCharacter(random) + after;
        case 4:
          return before;
        default:
          return after + before;
      }
    }, text);
}

function nested(parser: Parser, random: Random): string {
  const [open, close] = random.pick(PAIRS);
  const depth = random.below(250);
  const inner = random.chance(50) ? piece(parser, random) : '';
  const around = random.maybe(50, () => piece(parser, random));
  return around + open!.repeat(depth) + inner + close!.repeat(random.chance(70) ? depth : random.below(250));
}

function repeated(parser: Parser, random: Random): string {
  const unit = random.list(1, 3, () => piece(parser, random)).join('');
  return sound(parser, random).slice(0, random.below(60)) + unit.repeat(1 + random.below(80));
}

function piece({ pieces }: Parser, random: Random): string {
  return random.chance(85) ? random.pick(pieces) : anyCharacter(random);
}

function anyCharacter(random: Random): string {
  if (random.chance(40)) return random.pick(ODD);
  if (random.chance(50)) return String.fromCharCode(random.below(0x80));
  return random.chance(50)
    ? String.fromCharCode(random.below(0x100))
    : String.fromCodePoint(random.below(0x110000));
}
