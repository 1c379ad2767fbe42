import type { SyntaxNode } from '@lezer/common';

/** An import statement as it is written; unfinished ones have fewer parts. */
export interface ImportStatement {
  /** Of `from`; null for a plain `import`. */
  origin: { module: string; level: number } | null;
  items: { name: string; alias: string | null; from: number }[];
}

/** Reads a statement's tokens; `import a.b as c, d` and `from ..a.b import (c as d, e)` have all there is. */
export function readImport(statement: SyntaxNode, text: string): ImportStatement {
  const parts: ImportStatement = { origin: null, items: [] };
  let item: ImportStatement['items'][number] | undefined;
  let state: 'origin' | 'item' | 'alias' = 'item';
  for (let token = statement.firstChild; token; token = token.nextSibling) {
    const { name: kind, from, to } = token;
    switch (kind) {
      case 'from':
        parts.origin = { module: '', level: 0 };
        state = 'origin';
        break;
      case 'import':
      case ',':
        state = 'item';
        item = undefined;
        break;
      case 'as':
        state = 'alias';
        break;
      case '.':
      case 'Ellipsis':
        if (state === 'item' && item) item.name += '.';
        else if (state === 'origin' && parts.origin!.module !== '') parts.origin!.module += '.';
        else if (state === 'origin') parts.origin!.level += to - from;
        break;
      case '*':
      case 'VariableName': {
        const word = identifier(text.slice(from, to));
        if (state === 'origin') parts.origin!.module += word;
        else if (state === 'alias' && item) item.alias = word;
        else if (item) item.name += word;
        else {
          item = { name: word, alias: null, from };
          parts.items.push(item);
        }
        break;
      }
    }
  }
  // What the grammar makes up where a name is missing is empty.
  parts.items = parts.items.filter(({ name }) => name !== '');
  return parts;
}

/** Python compares identifiers in the normalization form NFKC (PEP 3131). */
function identifier(word: string): string {
  return /^[\x20-\x7e]*$/.test(word) ? word : word.normalize('NFKC');
}
